"""What is asked of Tavus, and what a good answer becomes."""

import asyncio
import json
import pickle
import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest

from tavusweb import tavus as package
from tavusweb.tavus import (
    NotFound,
    NotRecognised,
    RateLimited,
    Tavus,
    TavusError,
    Unclear,
    Unreachable,
    VideoRequest,
)

ASKED = VideoRequest(replica_id="r1", name="Launch · a1b2c3", script="Hello")
VIDEO = {"video_id": "v1", "video_name": "Launch", "status": "queued", "hosted_url": "https://tavus.video/v1"}
REPLICA = {"replica_id": "r1", "replica_name": "Anna", "status": "completed"}


# --- What is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "method", "address"),
    [
        (lambda tavus: tavus.create_video(ASKED), "POST", "/v2/videos"),
        (lambda tavus: tavus.get_video("v1"), "GET", "/v2/videos/v1?verbose=true"),
        (lambda tavus: tavus.list_videos(), "GET", "/v2/videos?limit=100&page=0"),
        (lambda tavus: tavus.list_videos(page=3, limit=10), "GET", "/v2/videos?limit=10&page=3"),
        (lambda tavus: tavus.delete_video("v1"), "DELETE", "/v2/videos/v1"),
        (lambda tavus: tavus.delete_video("v1", hard=True), "DELETE", "/v2/videos/v1?hard=true"),
        (lambda tavus: tavus.rename_video("v1", "Other"), "PATCH", "/v2/videos/v1/name"),
        (lambda tavus: tavus.list_replicas(), "GET", "/v2/replicas?limit=100&page=0&verbose=true"),
        (
            lambda tavus: tavus.list_replicas(page=2, limit=5, kind="user"),
            "GET",
            "/v2/replicas?limit=5&page=2&verbose=true&replica_type=user",
        ),
        (lambda tavus: tavus.delete_video("../a/b?c"), "DELETE", "/v2/videos/..%2Fa%2Fb%3Fc"),
    ],
)
def test_each_call_requests_the_documented_url_with_the_key(answering, key, call, method, address):
    server = answering(200, json=VIDEO | REPLICA | {"data": []})

    server.run(call)

    [request] = server.asked
    assert request.method == method
    assert str(request.url) == f"https://tavus.example{address}"
    assert request.headers["x-api-key"] == key


def test_response_about_another_video_is_unclear(answering):
    server = answering(200, json=VIDEO)

    with pytest.raises(Unclear, match="another video"):
        server.run(lambda tavus: tavus.get_video("v2"))


def test_base_url_can_have_a_path(answering):
    server = answering(200, json=VIDEO)

    server.run(lambda tavus: tavus.get_video("v1"), base_url="http://127.0.0.1:8000/sandbox/")

    assert str(server.asked[0].url) == "http://127.0.0.1:8000/sandbox/v2/videos/v1?verbose=true"


def test_bodies_are_json(answering):
    server = answering(200, json=VIDEO)

    server.run(lambda tavus: tavus.create_video(ASKED))
    server.run(lambda tavus: tavus.rename_video("v1", "Ünit \ud800"))

    assert json.loads(server.asked[0].content) == ASKED.to_json()
    assert json.loads(server.asked[1].content) == {"video_name": "Ünit \ud800"}
    assert {request.headers["content-type"] for request in server.asked} == {"application/json"}


@pytest.mark.parametrize("identity", ["", ".", ".."])
@pytest.mark.parametrize("call", ["get_video", "delete_video"])
def test_impossible_id_is_not_found_without_a_request(answering, identity, call):
    server = answering(200, json=VIDEO)

    with pytest.raises(NotFound):
        server.run(lambda tavus: getattr(tavus, call)(identity))

    assert server.asked == []


@pytest.mark.parametrize("bad_key", ["", "two\nlines", "a b", "schlüssel", "null\x00", "emoji🔑", "\ud800"])
def test_unsendable_key_is_not_recognised_without_a_request(answering, bad_key):
    server = answering(200, json=VIDEO)

    with pytest.raises(NotRecognised) as caught:
        server.run("get_video", api_key=bad_key)

    assert server.asked == []
    assert not bad_key or bad_key not in str(caught.value)


# --- Good answers ---------------------------------------------------------------------------------


def test_created_video_is_returned_as_a_record(answering):
    server = answering(200, json=VIDEO | {"created_at": "Tue, 24 Jun 2025 07:01:57 GMT", "new_field": 1})

    video = server.run("create_video")

    assert (video.video_id, video.status, video.hosted_url) == ("v1", "queued", "https://tavus.video/v1")
    assert video.created_at == datetime(2025, 6, 24, 7, 1, 57, tzinfo=UTC)


@pytest.mark.parametrize("status_code", [200, 201, 202])
def test_any_2xx_with_a_video_is_a_success(answering, status_code):
    assert answering(status_code, json=VIDEO).run("create_video").video_id == "v1"


def test_unknown_status_is_kept(answering):
    video = answering(200, json=VIDEO | {"status": "Reticulating"}).run("get_video")

    assert video.status == "reticulating"
    assert not video.is_final


def test_list_becomes_a_page_without_items_that_lack_an_id(answering):
    server = answering(200, json={"data": [VIDEO, {"video_id": None}, "odd", {"video_id": "v2"}], "total_count": 57})

    page = server.run(lambda tavus: tavus.list_videos(page=2))

    assert [video.video_id for video in page.items] == ["v1", "v2"]
    assert (page.total, page.page, page.skipped) == (57, 2, 2)


def test_items_beyond_the_page_limit_count_as_skipped(answering):
    page = answering(200, json={"data": [{"video_id": "v1"}] * 100_000, "total_count": 100_000}).run("list_videos")

    assert (len(page.items), page.skipped) == (1000, 99_000)


@pytest.mark.parametrize("total", [None, "57", -1, True, 5.5, [], 10**13, 10**4000])
def test_invalid_total_is_unknown(answering, total):
    assert answering(200, json={"data": [], "total_count": total}).run("list_videos").total is None


def test_replicas_are_read_in_both_spellings(answering):
    server = answering(200, json={"data": [REPLICA, {"face_id": "f2", "face_name": "Ben", "face_type": "system"}]})

    page = server.run("list_replicas")

    assert [(replica.replica_id, replica.name, replica.kind) for replica in page.items] == [
        ("r1", "Anna", ""),
        ("f2", "Ben", "system"),
    ]
    assert page.total is None


@pytest.mark.parametrize(
    "answer",
    [{"status_code": 200}, {"status_code": 204}, {"status_code": 200, "text": "OK"}, {"status_code": 200, "json": []}],
)
@pytest.mark.parametrize("call", ["delete_video", "rename_video"])
def test_body_of_a_successful_change_does_not_matter(answering, answer, call):
    assert answering(**answer).run(call) is None


# --- The client as an object ----------------------------------------------------------------------


def test_package_does_not_import_django():
    script = "import sys, tavusweb.tavus; sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_every_public_name_exists():
    assert package.__all__ == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


def test_client_repr_shows_the_url_without_the_key(key):
    tavus = Tavus(
        base_url="https://user:pass@tavus.example", api_key=key, transport=httpx.MockTransport(lambda r: None)
    )

    assert repr(tavus) == "Tavus('https://tavus.example')"


def test_errors_can_be_pickled():
    error = pickle.loads(pickle.dumps(RateLimited("slow", status_code=429, retry_after=3.0)))

    assert (str(error), error.retry_after, error.status_code) == ("429: slow", 3.0, 429)
    assert isinstance(error, TavusError)


def test_shared_transport_is_not_closed_with_the_client():
    class Shared(httpx.MockTransport):
        closed = False

        async def aclose(self):
            self.closed = True

    shared = Shared(lambda request: httpx.Response(200, json=VIDEO))

    async def main():
        async with Tavus(base_url="https://t.example", api_key="k", transport=shared) as tavus:
            await tavus.get_video("v1")

    asyncio.run(main())

    assert not shared.closed


def test_own_transport_is_closed_with_the_client():
    async def main():
        async with Tavus(base_url="http://127.0.0.1:1", api_key="k") as tavus:
            with pytest.raises(Unreachable):
                await tavus.get_video("v1")
            return tavus

    tavus = asyncio.run(main())

    assert tavus._transport.client.closed
