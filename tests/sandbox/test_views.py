"""The pages and files that links in API responses point to."""

from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tavusweb.sandbox import replicas
from tavusweb.sandbox.scenarios import KEY_PREFIXES, KEY_WORDS, SCRIPT_WORDS, TRAINING_WORDS
from tests.strictness import faults

pytestmark = pytest.mark.django_db


def test_ready_video_plays(client: Client, make: Callable[..., str], clock: Any) -> None:
    video_id = make(video_name="Spring <greeting>")
    clock.shift(60)

    page = client.get(f"/sandbox/watch/{video_id}")

    text = page.content.decode()
    assert page.status_code == 200
    assert "controls playsinline" in text
    assert 'src="/static/sandbox/presenters/ada.mp4"' in text
    assert 'poster="/static/sandbox/presenters/ada.jpg"' in text
    assert "Spring &lt;greeting&gt;" in text
    assert "Refresh" not in page


def test_player_shows_the_chosen_presenter(client: Client, make: Callable[..., str], clock: Any) -> None:
    video_id = make(replica_id=replicas.STOCK[4].replica_id, fast=True, transparent_background=True)
    clock.shift(60)

    text = client.get(f"/sandbox/watch/{video_id}").content.decode()

    assert "presenters/elif.webm" in text
    assert "poster" not in text


def test_page_of_a_rendering_video_refreshes_itself(client: Client, make: Callable[..., str], clock: Any) -> None:
    video_id = make()
    clock.shift(12)

    page = client.get(f"/sandbox/watch/{video_id}")

    assert page["Refresh"] == "3"
    assert 'data-state="rendering"' in page.content.decode()
    assert 'value="52"' in page.content.decode()
    assert "<video" not in page.content.decode()


def test_queued_video_says_what_it_is_waiting_for(client: Client, make: Callable[..., str], clock: Any) -> None:
    video_id = make(replica_id=replicas.IN_TRAINING.replica_id)

    page = client.get(f"/sandbox/watch/{video_id}")

    assert "still in training" in page.content.decode()
    assert page["Refresh"] == "3"


def test_failed_video_gives_its_reason(client: Client, make: Callable[..., str], clock: Any) -> None:
    video_id = make("[[reject]]")
    clock.shift(60)

    page = client.get(f"/sandbox/watch/{video_id}")

    assert "community guidelines" in page.content.decode()
    assert "Refresh" not in page


@pytest.mark.parametrize("query", ["", "?hard=true"])
def test_deleted_video_has_no_page_and_no_files(
    client: Client, ask: Any, make: Callable[..., str], clock: Any, query: str
) -> None:
    video_id = make()
    clock.shift(60)
    ask("DELETE", f"videos/{video_id}{query}")

    page = client.get(f"/sandbox/watch/{video_id}")

    assert page.status_code == 404
    assert 'data-state="deleted"' in page.content.decode()
    assert client.get(f"/sandbox/files/{video_id}.mp4").status_code == 404


def test_unknown_video_has_a_404_page(client: Client) -> None:
    page = client.get("/sandbox/watch/0123456789")

    assert page.status_code == 404
    assert 'data-state="unknown"' in page.content.decode()


@pytest.mark.parametrize("seconds", [0, 60])
def test_hosted_page_can_be_framed_only_by_this_site(
    client: Client, make: Callable[..., str], clock: Any, seconds: int
) -> None:
    video_id = make()
    clock.shift(seconds)

    page = client.get(f"/sandbox/watch/{video_id}")

    assert faults(page, framed_by="'self'") == []
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies


def test_guide_lists_every_simulation_word(client: Client) -> None:
    text = client.get("/sandbox/").content.decode()

    for word in (*SCRIPT_WORDS, *TRAINING_WORDS):
        assert word.typed in text
        assert escape(word.does) in text
    for known in KEY_PREFIXES:
        assert known.prefix in text
    for text_in_key, does in KEY_WORDS.items():
        assert text_in_key in text
        assert escape(does) in text
    assert "curl https://portal.example/sandbox/v2/videos" in text


# --- Files ---------------------------------------------------------------------------------------


def test_download_is_a_named_attachment(client: Client, ask: Any, make: Callable[..., str], clock: Any) -> None:
    video_id = make()
    clock.shift(60)
    url = ask("GET", f"videos/{video_id}").json()["download_url"]

    file = client.get(urlsplit(url).path)

    assert file.status_code == 200
    assert file["Content-Type"] == "video/mp4"
    assert file["Content-Disposition"] == f'attachment; filename="{video_id}.mp4"'
    assert file.content[4:8] == b"ftyp"


@pytest.mark.parametrize(
    ("asked", "content_range", "expected"),
    [
        ("bytes=0-1", "bytes 0-1/{size}", slice(0, 2)),
        ("bytes=100-", "bytes 100-{last}/{size}", slice(100, None)),
        ("bytes=-10", "bytes {tail}-{last}/{size}", slice(-10, None)),
        ("bytes=5-999999999", "bytes 5-{last}/{size}", slice(5, None)),
    ],
)
def test_download_supports_ranges(
    client: Client, make: Callable[..., str], clock: Any, asked: str, content_range: str, expected: slice
) -> None:
    video_id = make()
    clock.shift(60)
    whole = client.get(f"/sandbox/files/{video_id}.mp4").content

    part = client.get(f"/sandbox/files/{video_id}.mp4", headers={"range": asked})

    size = len(whole)
    assert part.status_code == 206
    assert part["Content-Range"] == content_range.format(size=size, last=size - 1, tail=size - 10)
    assert part.content == whole[expected]


@pytest.mark.parametrize(
    ("asked", "status"),
    [("bytes=99999999-", 416), ("bytes=9-5", 416), ("bytes=0-1,4-5", 200), ("bytes=-", 200), ("pages=1-2", 200)],
)
def test_unusual_ranges_follow_the_standard(
    client: Client, make: Callable[..., str], clock: Any, asked: str, status: int
) -> None:
    video_id = make()
    clock.shift(60)

    assert client.get(f"/sandbox/files/{video_id}.mp4", headers={"range": asked}).status_code == status


@pytest.mark.parametrize("path", ["files/{}.mp4", "files/{}/index.m3u8", "files/{}/captions.vtt", "thumbnails/{}.jpg"])
def test_unfinished_video_has_no_files(client: Client, make: Callable[..., str], clock: Any, path: str) -> None:
    video_id = make()
    clock.shift(12)

    assert client.get(f"/sandbox/{path.format(video_id)}").status_code == 404


@pytest.mark.parametrize("path", ["files/{}.mp4", "files/{}/index.m3u8", "thumbnails/{}.jpg"])
def test_transparent_fast_video_has_only_a_webm(
    client: Client, make: Callable[..., str], clock: Any, path: str
) -> None:
    video_id = make(fast=True, transparent_background=True)
    clock.shift(60)

    assert client.get(f"/sandbox/files/{video_id}.webm").content[:4] == b"\x1aE\xdf\xa3"
    assert client.get(f"/sandbox/{path.format(video_id)}").status_code == 404


def test_captions_contain_the_script(client: Client, make: Callable[..., str], clock: Any) -> None:
    video_id = make("Hello <b>you</b> --> there. " + "And more to come. " * 30)
    clock.shift(60)

    captions = client.get(f"/sandbox/files/{video_id}/captions.vtt")

    text = captions.content.decode()
    assert captions["Content-Type"] == "text/vtt"
    assert text.startswith("WEBVTT\n\n00:00.000 --> 00:01.500\nHello &lt;b&gt;you&lt;/b&gt; --&gt; there.")
    assert text.count("-->") == 4


@pytest.mark.parametrize(("file_type", "served"), [("jpg", "ada.jpg"), ("gif", "ada.gif")])
def test_thumbnails_redirect_to_bundled_pictures(
    client: Client, make: Callable[..., str], clock: Any, file_type: str, served: str
) -> None:
    video_id = make()
    clock.shift(60)

    answer = client.get(f"/sandbox/thumbnails/{video_id}.{file_type}")

    assert (answer.status_code, answer["Location"]) == (302, f"/static/sandbox/presenters/{served}")


@pytest.mark.parametrize("path", ["../settings.py", "nobody.mp4", "ada.exe"])
def test_only_bundled_portraits_are_served(client: Client, path: str) -> None:
    assert client.get("/sandbox/portraits/ada.mp4")["Location"] == "/static/sandbox/presenters/ada-loop.mp4"
    assert client.get(f"/sandbox/portraits/{path}").status_code == 404
