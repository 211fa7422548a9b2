"""Identify the subject of feedback: a hash of the exact spec and the rendered take."""

import hashlib
import json
from dataclasses import fields
from typing import Any

from tavusweb.videos.models import Video
from tavusweb.videos.spec import VideoSpec

# What can change without changing anything that a viewer sees or hears.
UNSEEN = frozenset({"title", "api_key"})


def fingerprint(spec: VideoSpec, take: str) -> str:
    """Return the hexadecimal SHA-256 of a spec and a take; `take` is the provider's id of the rendering."""
    seen = {each.name: _plain(getattr(spec, each.name)) for each in fields(spec) if each.name not in UNSEEN}
    text = json.dumps({"spec": seen, "take": take}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint_of(video: Video) -> str:
    return fingerprint(video.spec, video.tavus_id)


def _plain(value: Any) -> Any:
    """Convert to a JSON value; a recording is represented by its id."""
    return value if isinstance(value, str | bool | int | float | None) else str(value.pk)
