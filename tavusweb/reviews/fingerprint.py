"""What an answer to a video is about: a hash of exactly what was asked for and of the take that came out."""

import hashlib
import json
from dataclasses import fields
from typing import Any

from tavusweb.videos.models import Video
from tavusweb.videos.spec import VideoSpec

# What can change without changing anything that a viewer sees or hears.
UNSEEN = frozenset({"title", "api_key"})


def fingerprint(spec: VideoSpec, take: str) -> str:
    """SHA-256 in hexadecimal of a spec and a take; `take` is the provider's id of the rendering."""
    seen = {each.name: _plain(getattr(spec, each.name)) for each in fields(spec) if each.name not in UNSEEN}
    text = json.dumps({"spec": seen, "take": take}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint_of(video: Video) -> str:
    return fingerprint(video.spec, video.tavus_id)


def _plain(value: Any) -> Any:
    """As JSON has it; a recording counts by its id."""
    return value if isinstance(value, str | bool | int | float | None) else str(value.pk)
