"""Every documented answer, and the odd ones."""

import asyncio
import json
import pickle
import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest
import time_machine

from tavusweb import tavus as package
from tavusweb.tavus import (
    InvalidRequest,
    NotAllowed,
    NotFound,
    NotRecognised,
    OutOfCredits,
    RateLimited,
    Refused,
    SlotsFull,
    Tavus,
    TavusError,
    Unclear,
    Unreachable,
    VideoRequest,
)
from tavusweb.tavus.client import LARGEST_ANSWER

ASKED = VideoRequest(replica_id="r1", name="Launch · a1b2c3", script="Hello")
VIDEO = {"video_id": "v1", "video_name": "Launch", "status": "queued", "hosted_url": "https://tavus.video/v1"}
REPLICA = {"replica_id": "r1", "replica_name": "Anna", "status": "completed"}

CALLS = {
    "create_video": lambda tavus: tavus.create_video(ASKED),
    "get_video": lambda tavus: tavus.get_video("v1"),
    "list_videos": lambda tavus: tavus.list_videos(),
    "delete_video": lambda tavus: tavus.delete_video("v1"),
    "rename_video": lambda tavus: tavus.rename_video("v1", "Other"),
    "list_replicas": lambda tavus: tavus.list_replicas(),
    "get_replica": lambda tavus: tavus.get_replica("r1"),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


# --- What is asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "method", "address"),
    [
        (lambda tavus: tavus.create_video(ASKED), "POST", "/v2/videos"),
        (lambda tavus: tavus.get_video("v1"), "GET", "/v2/videos/v1?verbose=true"),
        (lambda tavus: tavus.list_videos(), "GET", "/v2/videos?limit=100&page=1"),
        (lambda tavus: tavus.list_videos(page=3, limit=10), "GET", "/v2/videos?limit=10&page=3"),
        (lambda tavus: tavus.delete_video("v1"), "DELETE", "/v2/videos/v1"),
        (lambda tavus: tavus.delete_video("v1", hard=True), "DELETE", "/v2/videos/v1?hard=true"),
        (lambda tavus: tavus.rename_video("v1", "Other"), "PATCH", "/v2/videos/v1/name"),
        (lambda tavus: tavus.list_replicas(), "GET", "/v2/replicas?limit=100&page=1&verbose=true"),
        (
            lambda tavus: tavus.list_replicas(page=2, limit=5, kind="user"),
            "GET",
            "/v2/replicas?limit=5&page=2&verbose=true&replica_type=user",
        ),
        (lambda tavus: tavus.get_replica("r1"), "GET", "/v2/replicas/r1?verbose=true"),
        (lambda tavus: tavus.get_video("../a/b?c"), "GET", "/v2/videos/..%2Fa%2Fb%3Fc?verbose=true"),
    ],
)
def test_each_call_asks_the_documented_address_with_the_key(answering, key, call, method, address):
    server = answering(200, json=VIDEO | REPLICA | {"data": []})

    server.run(call)

    [request] = server.asked
    assert request.method == method
    assert str(request.url) == f"https://tavus.example{address}"
    assert request.headers["x-api-key"] == key


def test_a_base_url_may_have_a_path_of_its_own(answering):
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
@pytest.mark.parametrize("call", ["get_video", "delete_video", "get_replica"])
def test_what_cannot_be_an_id_is_not_found_without_asking(answering, identity, call):
    server = answering(200, json=VIDEO)

    with pytest.raises(NotFound):
        server.run(lambda tavus: getattr(tavus, call)(identity))

    assert server.asked == []


@pytest.mark.parametrize("bad_key", ["", "two\nlines", "a b", "schlüssel", "null\x00", "emoji🔑", "\ud800"])
def test_a_key_that_cannot_be_sent_is_not_recognised_without_asking(answering, bad_key):
    server = answering(200, json=VIDEO)

    with pytest.raises(NotRecognised) as caught:
        server.run(CALLS["get_video"], api_key=bad_key)

    assert server.asked == []
    assert not bad_key or bad_key not in str(caught.value)


# --- Good answers --------------------------------------------------------------------------------


def test_a_created_video_comes_back_as_a_record(answering):
    server = answering(200, json=VIDEO | {"created_at": "Tue, 24 Jun 2025 07:01:57 GMT", "new_field": 1})

    video = server.run(CALLS["create_video"])

    assert (video.video_id, video.status, video.hosted_url) == ("v1", "queued", "https://tavus.video/v1")
    assert video.created_at == datetime(2025, 6, 24, 7, 1, 57, tzinfo=UTC)


@pytest.mark.parametrize("status_code", [200, 201, 202])
def test_any_success_with_a_video_will_do(answering, status_code):
    assert answering(status_code, json=VIDEO).run(CALLS["create_video"]).video_id == "v1"


def test_an_unknown_status_is_kept(answering):
    video = answering(200, json=VIDEO | {"status": "Reticulating"}).run(CALLS["get_video"])

    assert video.status == "reticulating"
    assert not video.is_final


def test_a_list_is_a_page_and_skips_what_has_no_id(answering):
    server = answering(200, json={"data": [VIDEO, {"video_id": None}, "odd", {"video_id": "v2"}], "total_count": 57})

    page = server.run(lambda tavus: tavus.list_videos(page=2))

    assert [video.video_id for video in page.items] == ["v1", "v2"]
    assert (page.total, page.page, page.skipped) == (57, 2, 2)


@pytest.mark.parametrize("total", [None, "57", -1, True, 5.5, []])
def test_a_total_that_is_no_count_is_unknown(answering, total):
    assert answering(200, json={"data": [], "total_count": total}).run(CALLS["list_videos"]).total is None


def test_replicas_are_read_in_both_spellings(answering):
    server = answering(200, json={"data": [REPLICA, {"face_id": "f2", "face_name": "Ben", "face_type": "system"}]})

    page = server.run(CALLS["list_replicas"])

    assert [(replica.replica_id, replica.name, replica.kind) for replica in page.items] == [
        ("r1", "Anna", ""),
        ("f2", "Ben", "system"),
    ]
    assert page.total is None


def test_one_replica_is_read(answering):
    assert answering(200, json=REPLICA).run(CALLS["get_replica"]).is_usable


@pytest.mark.parametrize(
    "answer",
    [{"status_code": 200}, {"status_code": 204}, {"status_code": 200, "text": "OK"}, {"status_code": 200, "json": []}],
)
@pytest.mark.parametrize("call", ["delete_video", "rename_video"])
def test_a_change_is_done_whatever_the_success_says(answering, answer, call):
    assert answering(**answer).run(CALLS[call]) is None


# --- Refusals ------------------------------------------------------------------------------------


@every_call
@pytest.mark.parametrize(
    ("status_code", "kind"),
    [
        (400, InvalidRequest),
        (401, NotRecognised),
        (402, OutOfCredits),
        (403, NotAllowed),
        (404, InvalidRequest),
        (405, InvalidRequest),
        (407, Unreachable),
        (408, Unclear),
        (409, InvalidRequest),
        (413, InvalidRequest),
        (415, InvalidRequest),
        (418, InvalidRequest),
        (421, Unreachable),
        (422, InvalidRequest),
        (429, RateLimited),
        (499, Unclear),
        (500, Unclear),
        (502, Unclear),
        (503, Unclear),
        (504, Unclear),
        (599, Unclear),
        (301, Unclear),
        (302, Unclear),
        (304, Unclear),
    ],
)
def test_every_status_means_one_kind_of_error(answering, call, status_code, kind):
    server = answering(status_code, json={"message": "So it is"}, headers={"location": "https://elsewhere.example/"})

    with pytest.raises(kind) as caught:
        server.run(call)

    assert (caught.value.status_code, caught.value.message) == (status_code, "So it is")
    assert str(caught.value) == f"{status_code}: So it is"
    assert len(server.asked) == 1


@pytest.mark.parametrize("call", ["get_video", "delete_video", "rename_video"])
def test_an_id_that_the_account_does_not_own_is_not_found(answering, call):
    with pytest.raises(NotFound) as caught:
        answering(400, json={"error": "Invalid video_id"}).run(CALLS[call])

    assert caught.value.message == "Invalid video_id"
    assert isinstance(caught.value, InvalidRequest)


def test_a_replica_that_the_key_cannot_use_is_not_found_when_looked_up(answering):
    with pytest.raises(NotFound):
        answering(400, json={"error": "Invalid replica_id"}).run(CALLS["get_replica"])


@pytest.mark.parametrize("call", ["get_video", "delete_video", "rename_video", "get_replica"])
def test_404_is_not_found_when_one_thing_was_named(answering, call):
    with pytest.raises(NotFound):
        answering(404).run(CALLS[call])


@pytest.mark.parametrize("call", ["create_video", "list_videos", "list_replicas"])
def test_404_is_about_the_address_when_nothing_was_named(answering, call):
    with pytest.raises(InvalidRequest) as caught:
        answering(404).run(CALLS[call])

    assert not isinstance(caught.value, NotFound)


def test_a_wrong_replica_in_a_new_video_is_an_invalid_request(answering):
    with pytest.raises(InvalidRequest, match="Invalid replica_id") as caught:
        answering(400, json={"error": "Invalid replica_id"}).run(CALLS["create_video"])

    assert not isinstance(caught.value, NotFound)


@pytest.mark.parametrize(
    "said",
    [
        {"message": "User has reached maximum concurrent video generations"},
        {"error": "Concurrency limit reached"},
        {"error": "Bad Request", "message": "Too many videos are rendered CONCURRENTLY"},
    ],
)
def test_a_400_about_concurrency_means_that_the_slots_are_full(answering, said):
    with pytest.raises(SlotsFull) as caught:
        answering(400, json=said).run(CALLS["create_video"])

    assert isinstance(caught.value, Refused)
    assert not isinstance(caught.value, InvalidRequest)


# --- What the provider said ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"json": {"error": "Out"}}, "Out"),
        ({"json": {"message": "Out"}}, "Out"),
        ({"json": {"detail": "Out"}}, "Out"),
        ({"json": {"detail": [{"loc": ["x"], "msg": "Out"}]}}, "Out"),
        ({"json": "Out"}, "Out"),
        ({"json": {}}, ""),
        ({"json": [1, 2]}, ""),
        ({"text": "Out\n of\x00 credits"}, "Out of credits"),
        ({"text": ""}, ""),
        ({"text": '{"error": "cut of'}, '{"error": "cut of'),
        ({"content": b"\xff\xfe\xfa"}, "\ufffd\ufffd\ufffd"),
        ({"html": "<html><head><title>402 Payment</title></head><body>No</body></html>"}, "402 Payment"),
        ({"content": b"[" * 100_000}, "[" * 500),
    ],
)
def test_the_message_is_plain_text_whatever_the_body(answering, answer, message):
    with pytest.raises(OutOfCredits) as caught:
        answering(402, **answer).run(CALLS["create_video"])

    assert caught.value.message == message


def test_an_html_502_is_unclear_and_tells_its_title(answering):
    page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title><style>b{}</style></head><body>nginx</body></html>"

    with pytest.raises(Unclear) as caught:
        answering(502, html=page).run(CALLS["create_video"])

    assert (caught.value.message, caught.value.status_code) == ("502 Bad Gateway", 502)


def test_a_long_message_is_cut(answering):
    with pytest.raises(InvalidRequest) as caught:
        answering(400, json={"error": "x" * 750}).run(CALLS["create_video"])

    assert caught.value.message == "x" * 500
    assert len(str(caught.value.args)) < 520


def test_an_error_without_words_is_still_told(answering):
    with pytest.raises(Unclear) as caught:
        answering(500).run(CALLS["create_video"])

    assert caught.value.message == ""
    assert str(caught.value) == "500: Unclear"


# --- When to come back ---------------------------------------------------------------------------

NOW = datetime(2025, 6, 24, 7, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 2.5 "}, 2.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "86400"}, 3600),
        ({"retry-after": "inf"}, 3600),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "later"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Tue, 24 Jun 2025 07:00:30 GMT"}, 30),
        ({"retry-after": "Tue, 24 Jun 2025 06:00:00 GMT"}, 0),
        ({"retry-after": "Wed, 25 Jun 2025 07:00:00 GMT"}, 3600),
        ({"retry-after": "Tue, 24 Jun 2025 09:00:30 GMT", "date": "Tue, 24 Jun 2025 09:00:10 GMT"}, 20),
        ({"retry-after": "Tue, 24 Jun 2025 07:00:30 GMT", "date": "no date"}, 30),
    ],
)
@pytest.mark.parametrize(("status_code", "kind"), [(429, RateLimited), (503, Unclear)])
def test_retry_after_is_read_in_both_forms(answering, status_code, kind, headers, seconds):
    with time_machine.travel(NOW, tick=False), pytest.raises(kind) as caught:
        answering(status_code, headers=headers).run(CALLS["create_video"])

    assert caught.value.retry_after == seconds


# --- Unclear answers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        {"text": '{"video_id": "v1"'},
        {"text": ""},
        {"text": "null"},
        {"html": "<h1>Welcome</h1>"},
        {"json": [VIDEO]},
        {"json": {}},
        {"json": {"video_id": None}},
        {"json": {"video_id": 7}},
        {"json": {"video_id": ""}},
        {"json": {"error": "but with 200"}},
        {"content": b'{"a":' * 100_000},
        {"content": b'{"video_id": ' + b"9" * 10_000 + b"}"},
        {"content": b"\xff\xfe\x00"},
    ],
)
@pytest.mark.parametrize("call", ["create_video", "get_video", "get_replica"])
def test_a_success_that_cannot_be_read_is_unclear(answering, answer, call):
    with pytest.raises(Unclear) as caught:
        answering(200, **answer).run(CALLS[call])

    assert caught.value.status_code == 200


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}, {"data": "none"}, {"total_count": 0}])
@pytest.mark.parametrize("call", ["list_videos", "list_replicas"])
def test_a_list_without_a_list_is_unclear_and_not_empty(answering, body, call):
    with pytest.raises(Unclear):
        answering(200, json=body).run(CALLS[call])


@pytest.mark.parametrize("status_code", [200, 401])
def test_an_answer_without_end_is_unclear_and_not_read_to_it(answering, status_code):
    sent = 0

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):
            nonlocal sent
            while True:
                sent += 1_000_000
                yield b" " * 1_000_000

    with pytest.raises(Unclear):
        answering(status_code, stream=Endless()).run(CALLS["get_video"])

    assert sent <= LARGEST_ANSWER + 1_000_000


# --- Failures of the network ---------------------------------------------------------------------


@every_call
@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError, Unreachable),
        (httpx.ConnectTimeout, Unreachable),
        (httpx.PoolTimeout, Unreachable),
        (httpx.ProxyError, Unreachable),
        (httpx.UnsupportedProtocol, Unreachable),
        (httpx.ReadTimeout, Unclear),
        (httpx.WriteTimeout, Unclear),
        (httpx.ReadError, Unclear),
        (httpx.WriteError, Unclear),
        (httpx.CloseError, Unclear),
        (httpx.RemoteProtocolError, Unclear),
        (httpx.LocalProtocolError, Unclear),
        (httpx.DecodingError, Unclear),
        (httpx.TransportError, Unclear),
    ],
)
def test_a_failure_on_the_way_is_unreachable_only_before_sending(answering, call, failure, kind):
    with pytest.raises(kind) as caught:
        answering(failure("it went so")).run(call)

    assert type(caught.value) is kind
    assert caught.value.message == f"{failure.__name__}: it went so"
    assert caught.value.status_code is None


def test_a_connection_that_fails_within_the_answer_is_unclear_whatever_it_is_called(answering):
    class Broken(httpx.AsyncByteStream):
        async def __aiter__(self):
            yield b'{"video_id": '
            raise httpx.ConnectTimeout("some transports say so")

    with pytest.raises(Unclear):
        answering(200, stream=Broken()).run(CALLS["create_video"])


def test_cancelling_is_no_error_of_tavus():
    async def waits(request):
        await asyncio.sleep(60)

    async def main():
        async with Tavus(base_url="https://t.example", api_key="k", transport=httpx.MockTransport(waits)) as tavus:
            task = asyncio.create_task(tavus.get_video("v1"))
            await asyncio.sleep(0)
            task.cancel()
            await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())


# --- The client as an object ---------------------------------------------------------------------


def test_the_package_knows_no_django():
    script = "import sys, tavusweb.tavus; sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_every_public_name_exists():
    assert package.__all__ == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


def test_its_repr_shows_where_and_never_who(key):
    tavus = Tavus(
        base_url="https://user:pass@tavus.example", api_key=key, transport=httpx.MockTransport(lambda r: None)
    )

    assert repr(tavus) == "Tavus('https://tavus.example')"


def test_errors_travel_between_processes():
    error = pickle.loads(pickle.dumps(RateLimited("slow", status_code=429, retry_after=3.0)))

    assert (str(error), error.retry_after, error.status_code) == ("429: slow", 3.0, 429)
    assert isinstance(error, TavusError)


def test_a_given_transport_is_not_closed_with_the_client():
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


def test_its_own_transport_is_closed_with_the_client():
    async def main():
        async with Tavus(base_url="http://127.0.0.1:1", api_key="k") as tavus:
            with pytest.raises(Unreachable):
                await tavus.get_video("v1")
            return tavus

    tavus = asyncio.run(main())

    assert tavus._http._transport.client.closed
