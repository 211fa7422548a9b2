"""What Tavus asks of a video as a whole: which fields go together, and what must be in its reach.

A rule answers with the fields that are wrong and the words for them. What is in `wrong` was refused before.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.conf import settings

from tavusweb.reachability import tavus_can_fetch

from .models import Background

ADDRESSES = ("audio_url", "background_url", "watermark_image_url")
OTHER_MEDIA = {
    ".aac",
    ".aiff",
    ".avi",
    ".flac",
    ".m4a",
    ".mkv",
    ".mov",
    ".mp4",
    ".oga",
    ".ogg",
    ".opus",
    ".webm",
    ".wma",
}

Spec = Mapping[str, Any]
Problems = Iterator[tuple[str, str]]


def speech(asked: Spec, wrong: Collection[str]) -> Problems:
    """Either a script or one recording."""
    if {"script", "audio_file", "audio_url"} & set(wrong):
        return
    script = asked.get("script", "").strip()
    sources = [name for name in ("audio_file", "audio_url") if asked.get(name)]
    if asked.get("audio") and not asked.get("audio_file"):
        sources.insert(0, "audio_file")
    if not script and not sources:
        yield "script", "Write what the replica says, or give a recording."
    elif script and sources:
        yield sources[0], "There is a script as well. Give one of the two: clear the script or leave this out."
    elif len(sources) > 1:
        yield "audio_url", "There is an audio file as well. Give one of the two."
    elif sources == ["audio_file"] and not _is_in_reach(settings.SITE_URL, asked):
        yield (
            "audio_file",
            "Tavus has to download this file from here, and this server has no public address (SITE_URL). "
            "Put the recording somewhere public and give its URL instead.",
        )


def appearance(asked: Spec, wrong: Collection[str]) -> Problems:
    """What the background, fast render and transparency leave of each other."""
    background, address = asked.get("background", Background.NONE), asked.get("background_url")
    if asked.get("transparent_background") and not asked.get("fast"):
        yield "transparent_background", "A transparent background needs fast render. Turn that on as well."
    if asked.get("fast") and background != Background.NONE:
        yield "background", "Fast render leaves backgrounds out. Choose the replica's own, or turn fast render off."
    elif background != Background.NONE and not address and "background_url" not in wrong:
        yield "background_url", "Give the address of the background."
    elif background == Background.NONE and address and not asked.get("fast"):
        yield "background", "There is a background URL: say whether it is a web page or a video, or clear it."


def reach(asked: Spec, wrong: Collection[str]) -> Problems:
    """What Tavus fetches has a public address."""
    is_asked = {"background_url": asked.get("background") != Background.NONE and not asked.get("fast")}
    for name in ADDRESSES:
        address = asked.get(name)
        if address and is_asked.get(name, True) and not _is_in_reach(address, asked):
            yield name, "Tavus cannot reach this address: it is private. Use a public one."


def _is_in_reach(address: str, asked: Spec) -> bool:
    key = asked.get("api_key")
    return key is None or tavus_can_fetch(address, by_sandbox=key.is_sandbox)


TAVUS_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
