"""Where a video stands is a pure function of what was asked, when, and the time: nothing runs behind it."""

import mimetypes
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import prod
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from tavusweb.sandbox import cast
from tavusweb.sandbox.trouble import FAILURES, SCRIPT_WORDS, words_in

QUEUED_SHARE = 0.15  # of the whole time
FAST_SHARE = 0.5  # of the usual time
LONG_SCRIPT = 4_000  # characters from which a script takes twice as long
BREAKS_AT = 60  # progress at which a generation fails
SUCCESS = "Your request has processed successfully!"


class Asked(Protocol):
    """What life needs to know of a video."""

    request: dict[str, Any]
    created_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True)
class Moment:
    status: str
    progress: int
    since: datetime
    details: str = ""

    @property
    def is_final(self) -> bool:
        return self.status in {"ready", "error", "deleted"}


def moment(video: Asked, now: datetime) -> Moment:
    """The state of a video at a time."""
    if video.deleted_at:
        return Moment("deleted", 0, video.deleted_at)
    request, begun = video.request, video.created_at
    words = words_in(*_texts(request))
    replica = cast.find(request["replica_id"])
    whole = _usual_seconds(request) * prod(word.slower for word in words)
    queued = whole * QUEUED_SHARE + sum(word.longer_queue for word in words)
    rendering = whole * (1 - QUEUED_SHARE)
    waited = (now - begun).total_seconds()
    if waited < queued or replica.status == "started":
        return Moment("queued", 0, begun)
    progress = min(100, int(100 * (waited - queued) / rendering)) if rendering else 100
    failure = _failure(request)
    breaks_at = BREAKS_AT if failure == "generation_failed" else 0
    reached = min(progress, breaks_at) if failure else progress
    since = min(now, begun + timedelta(seconds=queued + rendering * reached / 100))
    if failure and progress >= breaks_at:
        return Moment("error", reached, since, FAILURES[failure])
    if progress == 100:
        return Moment("ready", 100, since, SUCCESS)
    return Moment(next((word.status for word in words if word.status != "generating"), "generating"), progress, since)


def longest() -> timedelta:
    """The age at which any video is finished, unless its replica never is."""
    slowest = 2 * settings.SANDBOX_RENDER_SECONDS * max(word.slower for word in SCRIPT_WORDS)
    return timedelta(seconds=slowest + max(word.longer_queue for word in SCRIPT_WORDS))


def _texts(request: dict[str, Any]) -> list[str]:
    return [request.get(name) or "" for name in ("script", "audio_url", "video_name")]


def _usual_seconds(request: dict[str, Any]) -> float:
    length = min(1.0, len(request.get("script") or "") / LONG_SCRIPT)
    return settings.SANDBOX_RENDER_SECONDS * (1 + length) * (FAST_SHARE if request.get("fast") else 1)


def _failure(request: dict[str, Any]) -> str:
    """The code of what goes wrong with this request once rendering begins, or nothing."""
    replica = cast.find(request["replica_id"])
    if replica.status == "error":
        return "replica_in_error"
    if code := next((word.failure for word in words_in(*_texts(request)) if word.failure), ""):
        return code
    if request.get("audio_url"):
        return _audio_failure(request["audio_url"])
    backgrounds = request.get("background_url") or request.get("background_source_url")
    return "generation_failed" if request.get("fast") and backgrounds else ""


def _audio_failure(url: str) -> str:
    """Judged by the address alone: the sandbox fetches nothing, so it cannot be made to call anyone."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "audio_unreachable"
    if parts.scheme not in {"http", "https"} or not host or host.endswith(".invalid"):
        return "audio_unreachable"
    is_sound = parts.path.lower().endswith((".mp3", ".wav"))
    # A signed address may end in anything: only a well-known other ending counts against it.
    return "audio_wrong_type" if not is_sound and mimetypes.guess_type(parts.path)[0] else ""
