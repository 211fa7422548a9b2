"""The contract of the provider's /v2/videos, as the sandbox implements it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tavusweb.sandbox import replicas
from tavusweb.sandbox.models import SandboxVideo

pytestmark = pytest.mark.django_db

ADA = replicas.STOCK[0].replica_id
HELLO = {"replica_id": ADA, "script": "Hello"}


def test_submission_returns_the_queued_video(ask: Any, clock: Any) -> None:
    answer = ask("POST", "videos", HELLO)

    video_id = answer.json()["video_id"]
    assert answer.status_code == 200
    assert answer.json() == {
        "video_id": video_id,
        "video_name": f"replica_id: {ADA} - June 1, 2026 - video: {video_id}",
        "status": "queued",
        "hosted_url": f"https://portal.example/sandbox/watch/{video_id}",
        "created_at": "Mon, 01 Jun 2026 09:00:00 GMT",
    }
    assert len(video_id) == 10
    int(video_id, 16)


def test_key_is_never_stored(make: Callable[..., str]) -> None:
    make(key="a-very-secret-key")

    row = SandboxVideo.objects.values().get()
    assert "a-very-secret-key" not in str(row)
    assert len(row["key_hash"]) == 64


def test_rendering_video_shows_its_progress(ask: Any, make: Callable[..., str], clock: Any) -> None:
    video_id = make(video_name="Welcome", properties={"start_with_wave": False})
    clock.shift(12)

    answer = ask("GET", f"videos/{video_id}")

    assert answer.json() == {
        "video_id": video_id,
        "video_name": "Welcome",
        "status": "generating",
        "data": {"script": "Hello", "start_with_wave": False},
        "replica_id": ADA,
        "download_url": None,
        "hosted_url": f"https://portal.example/sandbox/watch/{video_id}",
        "stream_url": None,
        "status_details": "",
        "created_at": "Mon, 01 Jun 2026 09:00:00 GMT",
        "updated_at": "Mon, 01 Jun 2026 09:00:11 GMT",
        "generation_progress": "52/100",
    }


def test_ready_video_has_its_links(ask: Any, make: Callable[..., str], clock: Any) -> None:
    video_id = make()
    clock.shift(60)

    plain = ask("GET", f"videos/{video_id}").json()
    verbose = ask("GET", f"videos/{video_id}?verbose=true").json()

    files = f"https://portal.example/sandbox/files/{video_id}"
    assert (plain["status"], plain["generation_progress"]) == ("ready", "100/100")
    assert plain["status_details"] == "Your request has processed successfully!"
    assert plain["updated_at"] == "Mon, 01 Jun 2026 09:00:20 GMT"
    assert (plain["download_url"], plain["stream_url"]) == (f"{files}.mp4", f"{files}/index.m3u8")
    assert verbose.keys() - plain.keys() == {"still_image_thumbnail_url", "gif_thumbnail_url"}
    assert verbose["gif_thumbnail_url"] == f"https://portal.example/sandbox/thumbnails/{video_id}.gif"


def test_fast_video_has_no_stream_and_no_thumbnails(ask: Any, make: Callable[..., str], clock: Any) -> None:
    video_id = make(fast=True, transparent_background=True)
    clock.shift(60)

    record = ask("GET", f"videos/{video_id}?verbose=true").json()

    assert record["status"] == "ready"
    assert record["download_url"].endswith(".webm")
    assert (record["stream_url"], record["still_image_thumbnail_url"], record["gif_thumbnail_url"]) == (None,) * 3


def test_audio_video_shows_its_audio_url(ask: Any, make: Callable[..., str]) -> None:
    video_id = make(audio_url="https://files.example/talk.mp3")

    assert ask("GET", f"videos/{video_id}").json()["data"] == {
        "audio_url": "https://files.example/talk.mp3",
        "start_with_wave": True,
    }


def test_failed_video_gives_its_reason(ask: Any, make: Callable[..., str], clock: Any) -> None:
    video_id = make("[[reject]]")
    clock.shift(60)

    record = ask("GET", f"videos/{video_id}").json()
    item = ask("GET", "videos").json()["data"][0]

    assert (record["status"], record["download_url"]) == ("error", None)
    assert "community guidelines" in record["status_details"]
    assert "error_details" not in record
    assert item["error_details"] == record["status_details"]


@pytest.mark.parametrize("body", [HELLO | {"script": None}, {"replica_id": ADA}, HELLO | {"script": ""}])
def test_request_without_script_and_audio_is_refused(ask: Any, body: dict[str, Any]) -> None:
    answer = ask("POST", "videos", body)

    assert answer.status_code == 400
    assert answer.json() == {"error": "Exactly one of script and audio_url must be provided"}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"script": "Hello"}, "Invalid replica_id"),
        (HELLO | {"replica_id": "r00000000000"}, "Invalid replica_id"),
        (HELLO | {"replica_id": 7}, "Invalid replica_id"),
        (HELLO | {"audio_url": "https://x.example/a.mp3"}, "Exactly one of script and audio_url must be provided"),
        (HELLO | {"transparent_background": True}, "transparent_background is only supported when fast is true"),
        (HELLO | {"script": ["Hello"]}, "Invalid script"),
        (HELLO | {"script": "\0"}, "Invalid script"),
        (HELLO | {"script": "\ud800"}, "Invalid script"),
        (HELLO | {"fast": "yes"}, "Invalid fast"),
        (HELLO | {"callback_url": 1}, "Invalid callback_url"),
        (HELLO | {"properties": []}, "Invalid properties"),
        (HELLO | {"properties": {"background_scroll": "no"}}, "Invalid background_scroll"),
        (HELLO | {"properties": {"background_scroll_type": "wild"}}, "Invalid properties.background_scroll_type"),
        ("{not json", "Invalid JSON"),
        ("[]", "Invalid JSON"),
        ("", "Invalid JSON"),
        ("[" * 100_000, "Invalid JSON"),
    ],
)
def test_invalid_submission_is_refused_immediately(ask: Any, body: Any, error: str) -> None:
    answer = ask("POST", "videos", body)

    assert (answer.status_code, answer.json()) == (400, {"error": error})
    assert not SandboxVideo.objects.exists()


def test_oversized_body_is_refused(ask: Any) -> None:
    for size in (300_000, 3_000_000):
        assert ask("POST", "videos", HELLO | {"script": "a" * size}).status_code == 413


def test_unknown_fields_and_nulls_are_ignored(ask: Any) -> None:
    body = HELLO | {"novelty": 1, "audio_url": None, "fast": None, "callback_url": "", "properties": {"tone": "warm"}}

    assert ask("POST", "videos", body).status_code == 200


def test_submission_accepts_face_id(ask: Any) -> None:
    assert ask("POST", "videos", {"face_id": ADA, "script": "Hello"}).status_code == 200


def test_list_is_newest_first_and_paged(ask: Any, make: Callable[..., str]) -> None:
    made = [make() for _ in range(12)]

    first = ask("GET", "videos").json()
    also_first = ask("GET", "videos?page=0").json()
    second = ask("GET", "videos?page=1&limit=10").json()
    beyond = ask("GET", "videos?page=9").json()

    assert [item["video_id"] for item in first["data"] + second["data"]] == made[::-1]
    assert len(first["data"]) == 10
    assert also_first == first
    assert first["total_count"] == second["total_count"] == beyond["total_count"] == 12
    assert beyond["data"] == []
    assert (first["data"][0]["background_url"], first["data"][0]["background_source_url"]) == (None, None)
    assert {"still_image_thumbnail_url", "gif_thumbnail_url", "error_details"} <= first["data"][0].keys()


def test_page_takes_two_queries(ask: Any, make: Callable[..., str], django_assert_num_queries: Any) -> None:
    for _ in range(5):
        make()

    with django_assert_num_queries(2):  # besides the one that checks the key
        ask("GET", "videos?limit=100")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=ten", "page=-1", "page=1e3", "page=99999999999999999999"]
)
def test_invalid_page_is_refused(ask: Any, query: str) -> None:
    answer = ask("GET", f"videos?{query}")

    assert (answer.status_code, answer.json()) == (400, {"error": f"Invalid {query.split('=')[0]}"})


def test_key_can_have_pages_numbered_from_1(ask: Any, make: Callable[..., str]) -> None:
    key = "alice-[[pages-from-1]]"
    made = [make(key=key) for _ in range(12)]

    pages = [ask("GET", f"videos?page={number}", key=key).json() for number in (1, 2, 3)]
    refused = ask("GET", "videos?page=0", key=key)

    assert [item["video_id"] for page in pages for item in page["data"]] == made[::-1]
    assert ask("GET", "videos", key=key).json() == pages[0]
    assert (refused.status_code, refused.json()) == (400, {"error": "Invalid page"})


def test_listed_video_names_its_background(ask: Any, make: Callable[..., str]) -> None:
    make(background_url="https://example.com/page", properties={"background_scroll": False})
    make(background_source_url="https://example.com/clip.mp4")

    newer, older = ask("GET", "videos").json()["data"]

    assert (older["background_url"], older["background_source_url"]) == ("https://example.com/page", None)
    assert (newer["background_url"], newer["background_source_url"]) == (None, "https://example.com/clip.mp4")


def test_queued_video_has_status_details(ask: Any, make: Callable[..., str], clock: Any) -> None:
    queued, waiting = make(), make(replica_id=replicas.IN_TRAINING.replica_id)

    details = [ask("GET", f"videos/{video_id}").json()["status_details"] for video_id in (queued, waiting)]

    assert "in the queue" in details[0]
    assert "still in training" in details[1]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("GET", "?verbose=true"), ("DELETE", ""), ("PATCH", "/name")]
)
def test_video_of_another_key_is_unknown(ask: Any, make: Callable[..., str], method: str, path: str) -> None:
    video_id = make(key="bob")

    answer = ask(method, f"videos/{video_id}{path}", {"video_name": "Mine"}, key="alice")

    assert (answer.status_code, answer.json()) == (400, {"error": "Invalid video_id"})
    assert ask("GET", "videos", key="alice").json() == {"data": [], "total_count": 0}
    assert ask("GET", f"videos/{video_id}", key="bob").json()["status"] == "queued"


def test_deleted_video_stays_listed_as_deleted(ask: Any, make: Callable[..., str], clock: Any) -> None:
    video_id = make()
    clock.shift(60)

    answer = ask("DELETE", f"videos/{video_id}")

    record = ask("GET", f"videos/{video_id}").json()
    assert answer.status_code == 200
    assert (record["status"], record["download_url"], record["stream_url"]) == ("deleted", None, None)
    assert record["updated_at"] == "Mon, 01 Jun 2026 09:01:00 GMT"
    assert ask("GET", "videos").json()["total_count"] == 1
    assert ask("DELETE", f"videos/{video_id}").status_code == 200


def test_permanent_deletion_erases_a_video_and_its_script(ask: Any, make: Callable[..., str]) -> None:
    video_id = make("A private word", video_name="A private name")

    answer = ask("DELETE", f"videos/{video_id}?hard=true")

    assert answer.status_code == 200
    assert ask("GET", f"videos/{video_id}").json() == {"error": "Invalid video_id"}
    assert ask("GET", "videos").json() == {"data": [], "total_count": 0}
    assert "private" not in str(SandboxVideo.objects.values().get())


def test_video_can_be_renamed(ask: Any, make: Callable[..., str]) -> None:
    video_id = make()

    answer = ask("PATCH", f"videos/{video_id}/name", {"video_name": "Spring greeting"})

    assert answer.status_code == 200
    assert ask("GET", f"videos/{video_id}").json()["video_name"] == "Spring greeting"


def test_renaming_does_not_change_the_course(ask: Any, make: Callable[..., str], clock: Any) -> None:
    video_id = make()
    ask("PATCH", f"videos/{video_id}/name", {"video_name": "[[fail]]"})
    clock.shift(60)

    assert ask("GET", f"videos/{video_id}").json()["status"] == "ready"


@pytest.mark.parametrize("body", [{}, {"video_name": " "}, {"video_name": 5}])
def test_video_needs_a_name(ask: Any, make: Callable[..., str], body: dict[str, Any]) -> None:
    answer = ask("PATCH", f"videos/{make()}/name", body)

    assert (answer.status_code, answer.json()) == (400, {"error": "Invalid video_name"})


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "videos", "GET, POST"),
        ("POST", "videos/0123456789", "GET, DELETE"),
        ("GET", "videos/0123456789/name", "PATCH"),
        ("DELETE", "replicas", "GET, POST"),
        ("POST", "voices", "GET"),
    ],
)
def test_unsupported_method_is_405(ask: Any, method: str, path: str, allowed: str) -> None:
    answer = ask(method, path)

    assert (answer.status_code, answer.json()) == (405, {"message": "Method Not Allowed"})
    assert answer["Allow"] == allowed


@pytest.mark.parametrize("path", ["", "conversations", "videos/", "videos/0123456789/other"])
def test_unknown_path_is_404(ask: Any, path: str) -> None:
    answer = ask("GET", path)

    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})


def test_api_needs_no_csrf_token_and_sets_no_cookie() -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/sandbox/v2/videos", HELLO, content_type="application/json", headers={"x-api-key": "alice"})

    assert answer.status_code == 200
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
