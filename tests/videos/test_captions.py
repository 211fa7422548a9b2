"""Captions: what is read, what is refused and with which line, and what members do with them."""

from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.accounts.models import User
from tavusweb.videos.captions import LARGEST, MOST_CUES, Cue, paragraphs, parse, written
from tavusweb.videos.models import Caption, Video
from tavusweb.videos.models.status import DeleteMode, Status

VTT = """WEBVTT - Welcome

NOTE made by hand
in two lines

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start position:10%
<v Ada>Hello &amp; <i>welcome</i>

01:00:00.000 --> 01:00:01.000
One
Two
"""
SRT = "1\n00:00:01,000 --> 00:00:02,500\n{\\an8}Grüße\n\n2\n00:00:03,000 --> 00:00:04,000\nZwei\n"


def test_webvtt_is_read_without_what_only_styles_it() -> None:
    assert parse(VTT.encode()) == [Cue(1000, 2500, "Hello & welcome"), Cue(3_600_000, 3_601_000, "One\nTwo")]


@pytest.mark.parametrize(
    "data",
    [
        SRT.encode(),
        SRT.replace("\n", "\r\n").encode(),
        SRT.replace("\n", "\r").encode(),
        SRT.encode("utf-8-sig"),
        SRT.encode("utf-16"),
        SRT.encode().rstrip(b"\n"),
        ("\n\n" + SRT).encode(),
    ],
    ids=["plain", "CRLF", "CR", "BOM", "UTF-16", "no last line end", "empty lines first"],
)
def test_subrip_is_read_in_every_usual_form(data: bytes) -> None:
    assert parse(data) == [Cue(1000, 2500, "Grüße"), Cue(3000, 4000, "Zwei")]


def test_overlapping_and_unordered_captions_are_kept_in_order() -> None:
    cues = parse(b"WEBVTT\n\n00:05.000 --> 00:09.000\nB\n\n00:01.000 --> 00:06.000\nA\n")

    assert [cue.text for cue in cues] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("WEBVTT\n\nnonsense\n", "Line 3: Expected a time"),
        ("WEBVTT\n\nid\nnonsense\nmore\n", "Line 4: Expected a time"),
        ("WEBVTT\n\n00:61.000 --> 01:00.000\nHi\n", "Line 3: Expected a time"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nHi\n", "Line 3: The caption ends before it starts."),
        ("WEBVTT\n\n24:00:00.000 --> 24:00:01.000\nHi\n", "Line 3: The caption is later than 24 hours."),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n00:03.000 --> 00:04.000\nHo\n", "Line 5: An empty line is missing"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "a\n" * 9, "Line 12: Use at most 8 lines"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "a" * 501, "Line 4: Use at most 500 characters"),
        ("WEBVTT\n", "This file has no captions."),
        ("", "This file has no captions."),
        ("a\0b", "This isn’t a text file."),
    ],
)
def test_what_is_no_caption_is_refused_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(text.encode())

    assert refused.value.messages[0].startswith(problem)


def test_another_encoding_is_refused_with_the_line_that_shows_it() -> None:
    with pytest.raises(ValidationError, match="Line 3: This isn’t UTF-8 text"):
        parse("1\n00:00:01,000 --> 00:00:02,500\nGrüße\n".encode("cp1252"))


def test_too_many_captions_or_bytes_are_refused() -> None:
    cue = "00:01.000 --> 00:02.000\nHi\n\n"

    with pytest.raises(ValidationError, match="at most 5000"):
        parse(("WEBVTT\n\n" + cue * (MOST_CUES + 1)).encode())
    with pytest.raises(ValidationError, match="too large"):
        parse(b"a" * (LARGEST + 1))


def test_several_problems_are_named_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        parse(("WEBVTT\n\n" + "nonsense\n\n" * 20).encode())

    assert [problem.partition(":")[0] for problem in refused.value.messages] == [
        "Line 3",
        "Line 5",
        "Line 7",
        "Line 9",
        "Line 11",
    ]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 1_000_000),
            st.integers(1, 10_000),
            st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"]), min_size=1, max_size=40),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_was_written_is_read_as_the_same(cues: list[tuple[int, int, str]]) -> None:
    first = parse(written(Cue(start, start + length, text) for start, length, text in cues).encode())

    assert parse(written(first).encode()) == first


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    cues = []
    with suppress(ValidationError):
        cues = parse(data)

    assert all(cue.start < cue.end and cue.text for cue in cues)


def test_transcript_begins_a_paragraph_after_a_pause() -> None:
    cues = [Cue(0, 900, "Hello"), Cue(1000, 1900, "there.\nAll"), Cue(9000, 9900, "Bye")]

    assert [(each.second, each.text) for each in paragraphs(cues)] == [(0, "Hello there. All"), (9, "Bye")]


class TestMembers:
    @pytest.fixture
    def video(self, make_video: Any) -> Video:
        ready: Video = make_video(Status.READY)
        return ready

    def upload(self, client: Client, video: Video, content: str | bytes, language: str = "de") -> Any:
        data = content.encode() if isinstance(content, str) else content
        file = ContentFile(data, "anything.srt")
        return client.post(reverse("captions_save", args=["acme", video.pk]), {"language": language, "file": file})

    def test_captions_are_added_and_replaced_by_language(self, as_maria: Client, video: Video) -> None:
        assert self.upload(as_maria, video, SRT).status_code == 302
        self.upload(as_maria, video, VTT, "en")
        self.upload(as_maria, video, "WEBVTT\n\n00:01.000 --> 00:02.000\nNeu\n")

        german, english = video.captions.all()
        assert (german.language, german.cues, english.language, english.cues) == ("de", 1, "en", 2)
        assert "Neu" in as_maria.get(reverse("caption", args=["acme", video.pk, german.pk])).text
        assert "Deutsch" in as_maria.get(reverse("video", args=["acme", video.pk])).text

    def test_refused_file_is_explained_beside_its_field(self, as_maria: Client, video: Video) -> None:
        page = self.upload(as_maria, video, "WEBVTT\n\nnonsense\n")

        assert page.status_code == 422
        assert "Line 3: Expected a time such as" in page.text
        assert not video.captions.exists()

    def test_large_file_is_refused_while_it_is_received(self, as_maria: Client, video: Video) -> None:
        page = self.upload(as_maria, video, b"a" * (LARGEST + 1))

        assert page.status_code == 422
        assert "This file is too large. The limit is 1 MB." in page.text

    def test_missing_file_and_unknown_language_are_refused(self, as_maria: Client, video: Video) -> None:
        page = as_maria.post(reverse("captions_save", args=["acme", video.pk]), {"language": "klingon"})

        assert page.status_code == 422
        assert "Choose a file." in page.text

    def test_permanent_deletion_takes_the_captions_along(self, video: Video) -> None:
        Caption.objects.create(video=video, language="en", content=VTT, cues=2)

        video.record_deleted(mode=DeleteMode.SOFT)
        assert video.captions.exists()
        video.refresh_from_db()
        Video.objects.filter(pk=video.pk).update(status=Status.READY)
        video.refresh_from_db()
        video.record_deleted(mode=DeleteMode.HARD)

        assert not video.captions.exists()

    def test_captions_of_another_video_are_unknown(self, as_maria: Client, video: Video, make_video: Any) -> None:
        caption = Caption.objects.create(video=video, language="en", content=VTT, cues=2)
        other = make_video(Status.READY)

        for name, ask in (("caption", as_maria.get), ("caption_delete", as_maria.post)):
            assert ask(reverse(name, args=["acme", other.pk, caption.pk])).status_code == 404
        assert Caption.objects.count() == 1

    def test_draft_has_no_captions(self, as_maria: Client, make_video: Any, maria: User) -> None:
        draft = make_video(Status.DRAFT)

        self.upload(as_maria, draft, SRT)

        assert not Caption.objects.exists()
