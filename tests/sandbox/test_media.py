"""The bundled files match their extensions, stay small, and survive hashed file names."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import find
from django.core.management import call_command

from tavusweb.sandbox import media, replicas

MAGIC = {
    ".mp4": re.compile(rb"....ftyp", re.DOTALL),
    ".webm": re.compile(rb"\x1aE\xdf\xa3"),
    ".ts": re.compile(rb"G.{187}G", re.DOTALL),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".gif": re.compile(rb"GIF89a"),
    ".m3u8": re.compile(rb"#EXTM3U"),
}


def bundled() -> list[Path]:
    folder = find("sandbox/presenters")
    assert isinstance(folder, str)
    return sorted(Path(folder).iterdir())


@pytest.mark.parametrize("file", bundled(), ids=lambda file: file.name)
def test_file_content_matches_its_extension(file: Path) -> None:
    assert MAGIC[file.suffix].match(file.read_bytes())


@pytest.mark.parametrize("appearance", replicas.APPEARANCES)
def test_every_presenter_has_all_files(appearance: str) -> None:
    names = {file.name for file in bundled()}

    assert {f"{appearance}{ending}" for ending in (".mp4", ".webm", ".jpg", ".gif", ".m3u8", "-loop.mp4")} <= names


def test_bundled_files_stay_small() -> None:
    sizes = {file.name: file.stat().st_size for file in bundled()}

    assert sum(sizes.values()) < 1_500_000
    assert max(sizes.values()) < 64 * 1024
    assert max(size for name, size in sizes.items() if "-loop" in name) < 60_000


@pytest.mark.parametrize("appearance", replicas.APPEARANCES)
def test_clip_can_play_before_it_is_fully_loaded(appearance: str) -> None:
    content = media.read(f"{appearance}.mp4")

    assert content.index(b"moov") < content.index(b"mdat")
    assert b"avc1" in content
    assert b"mp4a" in content


def test_webm_has_an_alpha_channel() -> None:
    assert b"\x53\xc0\x81\x01" in media.read("ada.webm")  # Matroska's AlphaMode, 1


@pytest.mark.parametrize("appearance", replicas.APPEARANCES)
def test_playlist_links_to_its_segments(appearance: str) -> None:
    segments = [line for line in media.playlist(appearance).splitlines() if not line.startswith("#")]

    assert len(segments) >= 2
    for segment in segments:
        assert MAGIC[".ts"].match(media.read(segment.removeprefix("/static/sandbox/presenters/")))


def test_references_survive_hashed_file_names(settings: Any, tmp_path: Path) -> None:
    sandbox = find("sandbox")
    assert isinstance(sandbox, str)
    settings.STATICFILES_DIRS = [("sandbox", sandbox)]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    segments = [line for line in media.playlist("ada").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"/static/sandbox/presenters/ada-\d\.[0-9a-f]{12}\.ts", segment) for segment in segments)
    assert all((tmp_path / segment.removeprefix("/static/")).is_file() for segment in segments)
