"""The rules for generating a video, Tavus's and ours. Pure: they need no database and no settings.

A rule yields a field and its problem. Fields in `wrong` already have one and get no second.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from tavusweb.text_policy import is_blank

from .spec import Background, VideoSpec

TAVUS_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
ADDRESSES = ("audio_url", "background_url", "watermark_image_url")
OTHER_AUDIO = {".aac", ".aiff", ".flac", ".m4a", ".oga", ".ogg", ".opus", ".wma"}
OTHER_MEDIA = OTHER_AUDIO | {".avi", ".mkv", ".mov", ".mp4", ".webm"}

Problems = Iterator[tuple[str, str]]


def problems(
    spec: VideoSpec, *, site_url: str, can_fetch: Callable[[str], bool], wrong: Iterable[str] = ()
) -> dict[str, str]:
    """Return the problems that keep a spec from being generated, at most one per field.

    `can_fetch` tells whether the provider can reach a URL; recordings are downloaded from `site_url`. `wrong` names the
    fields that already have an error.
    """
    errors: dict[str, str] = {}
    refused = set(wrong)
    for rule in (_key, _replica, _speech, _appearance):
        errors |= dict(rule(spec, refused | errors.keys()))
    return errors | dict(_reach(spec, refused | errors.keys(), site_url, can_fetch))


def _key(spec: VideoSpec, wrong: Collection[str]) -> Problems:
    if spec.api_key is None and "api_key" not in wrong:
        yield "api_key", _("Choose an API key.")


def _replica(spec: VideoSpec, wrong: Collection[str]) -> Problems:
    if "replica_id" in wrong:
        return
    if not spec.replica_id:
        yield "replica_id", _("Choose a replica.")
    elif not TAVUS_ID.fullmatch(spec.replica_id):
        yield "replica_id", _("This isn’t a replica ID. IDs have only letters, digits, hyphens and underscores.")


def _speech(spec: VideoSpec, wrong: Collection[str]) -> Problems:
    """Require either a script or one recording, in a format that Tavus accepts."""
    if "audio_url" not in wrong and PurePosixPath(_path_of(spec.audio_url)).suffix.lower() in OTHER_MEDIA:
        yield "audio_url", _("Tavus accepts only MP3 and WAV.")
        return
    if {"script", "audio", "audio_url"} & set(wrong):
        return
    has_script = not is_blank(spec.script)
    recordings = [name for name in ("audio", "audio_url") if getattr(spec, name)]
    if has_script and recordings:
        yield recordings[0], _("Use either a script or a recording, not both.")
    elif len(recordings) > 1:
        yield "audio_url", _("Use either an audio file or an audio URL, not both.")
    elif not has_script and not recordings:
        yield "script", _("Enter a script or add a recording.")


def _appearance(spec: VideoSpec, wrong: Collection[str]) -> Problems:
    """Check that background, fast render and transparency go together."""
    has_background = spec.background != Background.NONE
    if spec.transparent_background and not spec.fast:
        yield "transparent_background", _("A transparent background requires fast render.")
    if "background" in wrong:
        return
    if spec.fast and has_background:
        yield (
            "background",
            _("Fast render doesn’t support backgrounds. Choose the replica’s default or turn off fast render."),
        )
    elif has_background and not spec.background_url and "background_url" not in wrong:
        yield "background_url", _("Enter the background URL.")
    elif not has_background and spec.background_url and not spec.fast:
        yield "background", _("Choose whether the background URL is a web page or a video, or clear it.")


def _reach(spec: VideoSpec, wrong: Collection[str], site_url: str, can_fetch: Callable[[str], bool]) -> Problems:
    """Check that Tavus can reach everything that it has to download."""
    if spec.audio and not {"audio", "audio_url", "script"} & set(wrong) and not can_fetch(site_url):
        yield (
            "audio",
            _(
                "Tavus can’t download files from this server, because it has no public address (SITE_URL). "
                "Upload the recording to a public place and enter its URL instead."
            ),
        )
    is_sent = {"background_url": spec.background != Background.NONE and not spec.fast}
    for name in ADDRESSES:
        address = getattr(spec, name)
        if address and name not in wrong and is_sent.get(name, True) and not can_fetch(address):
            yield name, _("Tavus can’t reach this private address. Use a public one.")


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
