"""Which specs can be generated: as a table, without a database."""

import re
from dataclasses import replace
from typing import Any

import pytest

from tavusweb.keys.models import APIKey
from tavusweb.videos import spec_rules
from tavusweb.videos.models import AudioFile
from tavusweb.videos.spec import VideoSpec

GOOD = VideoSpec(api_key=APIKey(), replica_id="r1", script="Hello there")
SILENT = {"script": ""}
UPLOAD = {"script": "", "audio": AudioFile(name="a.wav")}
ADDRESS = {"script": "", "audio_url": "https://example.com/a.mp3"}
PAGE = {"background": "page", "background_url": "https://example.com"}
PRIVATE = "http://nas.local/a"


def problems(spec: VideoSpec, **options: Any) -> dict[str, str]:
    given: dict[str, Any] = {"site_url": "https://videos.example.org", "can_fetch": lambda url: "nas.local" not in url}
    return spec_rules.problems(spec, **given | options)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        UPLOAD,
        ADDRESS,
        ADDRESS | {"script": " \n"},
        {"script": "", "audio_url": "https://example.com/audio?format=mp4"},
        PAGE,
        {"background": "video", "background_url": "https://example.com/a.mp4"},
        {"fast": True},
        {"fast": True, "transparent_background": True},
        {"fast": True, "background_url": "https://example.com"},
        {"fast": True, "background_url": PRIVATE},
        {"background_scroll": False},
        {"watermark_image_url": "https://example.com/w.png"},
        {"start_with_wave": False},
        {"replica_id": "A-z_9" * 16},
    ],
)
def test_spec_that_tavus_accepts_has_no_problems(changes: dict[str, Any]) -> None:
    assert problems(replace(GOOD, **changes)) == {}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"api_key": None}, "api_key", "API key"),
        ({"replica_id": ""}, "replica_id", "replica"),
        ({"replica_id": "../r1"}, "replica_id", "letters, digits"),
        ({"replica_id": "r" * 81}, "replica_id", "letters, digits"),
        (SILENT, "script", "recording"),
        ({"script": " \n\t"}, "script", "recording"),
        ({"audio": AudioFile()}, "audio", "script"),
        ({"audio_url": "https://example.com/a.mp3"}, "audio_url", "script"),
        (UPLOAD | {"audio_url": "https://example.com/a.mp3"}, "audio_url", "audio file"),
        (SILENT | {"audio_url": "https://example.com/a.M4A?x=1"}, "audio_url", "MP3 and WAV"),
        ({"audio_url": "https://example.com/a.ogg"}, "audio_url", "MP3 and WAV"),
        ({"transparent_background": True}, "transparent_background", "fast render"),
        (PAGE | {"fast": True}, "background", "[Ff]ast render"),
        ({"background": "page"}, "background_url", "background"),
        ({"background": "video"}, "background_url", "background"),
        ({"background_url": "https://example.com"}, "background", "web page or a video"),
        (SILENT | {"audio_url": PRIVATE}, "audio_url", "private"),
        (PAGE | {"background_url": PRIVATE}, "background_url", "private"),
        ({"watermark_image_url": PRIVATE}, "watermark_image_url", "private"),
    ],
)
def test_rule_names_the_field_and_the_reason(changes: dict[str, Any], field: str, words: str) -> None:
    errors = problems(replace(GOOD, **changes))

    assert list(errors) == [field]
    assert re.search(words, errors[field])


def test_recording_on_a_private_server_cannot_be_fetched() -> None:
    errors = problems(replace(GOOD, **UPLOAD), site_url="http://nas.local")

    assert list(errors) == ["audio"]
    assert "SITE_URL" in errors["audio"]
    assert problems(GOOD, site_url="http://nas.local") == {}, "a script needs no download"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"api_key": None}, "api_key"),
        ({"replica_id": ""}, "replica_id"),
        (SILENT, "script"),
        (SILENT, "audio"),
        (SILENT, "audio_url"),
        (PAGE | {"fast": True}, "background"),
        ({"background": "page"}, "background_url"),
        ({"watermark_image_url": PRIVATE}, "watermark_image_url"),
    ],
)
def test_field_that_was_refused_before_gets_no_second_problem(changes: dict[str, Any], wrong: str) -> None:
    assert problems(replace(GOOD, **changes), wrong=[wrong]) == {}


def test_every_wrong_field_is_named_at_once() -> None:
    spec = replace(VideoSpec(), transparent_background=True, background="page", watermark_image_url=PRIVATE)

    errors = problems(spec)

    assert errors.keys() == {
        *("api_key", "replica_id", "script", "transparent_background", "background_url", "watermark_image_url")
    }
