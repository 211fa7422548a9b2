"""Many videos as one streamed zip file."""

import io
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.library import zip_stream
from tavusweb.library.zip_stream import LISTING, Busy, Entry, ZipStream
from tavusweb.media_download import CannotDownload, media
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

HOST = "https://cdn.replica.tavus.io"


class Film(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b"film"


class Cut(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b"half"
        raise httpx.ReadError("reset")


def answer(request: httpx.Request) -> httpx.Response:
    match request.url.path:
        case "/cut.mp4":
            return httpx.Response(200, stream=Cut())
        case "/short.mp4":
            return httpx.Response(200, stream=Film(), headers={"Content-Length": "9"})
        case "/moved.mp4":
            return httpx.Response(302, headers={"Location": "http://169.254.169.254/"})
        case _:
            return httpx.Response(200, stream=Film())


def fetch(url: str) -> Any:
    return media(url, transport=httpx.MockTransport(answer))


def unpacked(entries: list[Entry], *, left_out: int = 0) -> ZipFile:
    stream = ZipStream(entries, left_out=left_out, open_media=fetch)
    try:
        return ZipFile(io.BytesIO(b"".join(stream)))
    finally:
        stream.close()


def test_file_holds_each_video_under_its_title() -> None:
    file = unpacked([Entry("Welcome", f"{HOST}/a.mp4"), Entry("../Q4: a/b", f"{HOST}/b.webm", "webm"), Entry("", HOST)])

    assert file.namelist() == ["001 Welcome.mp4", "002 -Q4- a-b.webm", "003 video.mp4"]
    assert file.testzip() is None
    assert file.read("001 Welcome.mp4") == b"film"


def test_videos_that_are_too_many_for_one_file_are_named_by_their_number() -> None:
    file = unpacked([Entry("Welcome", f"{HOST}/a.mp4")], left_out=3)

    assert file.read(LISTING).decode().startswith("3 more selected videos")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://elsewhere.example/a.mp4",
        "http://127.0.0.1:1/a.mp4",
        "file:///etc/passwd",
        *(f"{HOST}/{name}.mp4" for name in ("cut", "short", "moved")),
    ],
)
def test_what_fails_is_listed_and_the_rest_arrives(url: str) -> None:
    file = unpacked([Entry("Lost", url), Entry("Kept", f"{HOST}/a.mp4")])

    assert "001 Lost.mp4" in file.read(LISTING).decode()
    assert "Kept" not in file.read(LISTING).decode()
    assert file.read("002 Kept.mp4") == b"film"


def test_it_is_sent_while_it_is_written() -> None:
    asked: list[str] = []

    def watched(url: str) -> Any:
        asked.append(url)
        return fetch(url)

    stream = ZipStream([Entry("One", f"{HOST}/1.mp4"), Entry("Two", f"{HOST}/2.mp4")], open_media=watched)
    first = next(stream)
    stream.close()

    assert b"film" in first
    assert asked == [f"{HOST}/1.mp4"]


def test_places_are_bounded_and_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    streams = [ZipStream([]) for _ in range(2)]

    with pytest.raises(Busy):
        ZipStream([])

    for stream in streams:
        stream.close()
        stream.close()
    ZipStream([]).close()


def test_parts_of_an_unknown_host_are_never_asked_for() -> None:
    with pytest.raises(CannotDownload), media("https://elsewhere.example/a.mp4"):
        pass


def test_selected_videos_are_downloaded_as_one_file(
    as_maria: Client, workspace: Workspace, make_video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_stream.ZipStream.__init__, "__kwdefaults__", {"open_media": fetch})
    ready, failed = make_video(Status.READY, download_url=f"{HOST}/a.mp4"), make_video(Status.FAILED, title="Lost")
    form = {"video": [str(ready.pk), str(failed.pk)], "act": "download"}

    answer = as_maria.post(reverse("videos_selected", args=[workspace.slug]), form)
    file = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    answer.close()

    assert "videos.zip" in answer["Content-Disposition"]
    assert "Lost" in file.read(LISTING).decode()
    assert [file.read(name) for name in file.namelist() if "Welcome" in name] == [b"film"]
