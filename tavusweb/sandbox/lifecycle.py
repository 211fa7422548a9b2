"""Compute a video's state from its request and the time. Nothing runs in the background."""

import mimetypes
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import prod
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from tavusweb.sandbox import replicas
from tavusweb.sandbox.scenarios import FAILURES, IN_QUEUE, SCRIPT_WORDS, STILL_TRAINING, SUCCESS, words_in

QUEUED_SHARE = 0.15  # of the render time
FAST_SHARE = 0.5  # of the usual time
LONG_SCRIPT = 4_000  # characters; scripts this long or longer take twice as long
BREAKS_AT = 60  # progress at which a generation fails


class RequestedVideo(Protocol):
    """The facts that determine a video's state."""

    request: dict[str, Any]
    created_at: datetime
    deleted_at: datetime | None
    training_until: datetime | None  # when its replica's training ends, if it was in progress
    replica_fails: bool  # whether that training fails


@dataclass(frozen=True)
class Moment:
    status: str
    progress: int
    since: datetime
    details: str = ""

    @property
    def is_final(self) -> bool:
        return self.status in {"ready", "error", "deleted"}


@dataclass(frozen=True)
class Course:
    """A video's planned course, in seconds since its replica became usable."""

    starts_at: datetime | None  # None: its replica's training never ends
    queued: float
    rendering: float
    failure: str = ""  # a code of FAILURES

    @property
    def breaks_at(self) -> int:
        """The progress at which rendering ends, successfully or not."""
        return 100 if not self.failure else BREAKS_AT if self.failure == "generation_failed" else 0

    @property
    def ends_at(self) -> datetime | None:
        return self.at(self.breaks_at) if self.starts_at else None

    def at(self, progress: int) -> datetime:
        """Return the time at which it reaches a progress."""
        assert self.starts_at  # noqa: S101  # callers ask only about a course that starts
        return self.starts_at + timedelta(seconds=self.queued + self.rendering * progress / 100)


def course(video: RequestedVideo) -> Course:
    words = words_in(*_texts(video.request))
    whole = _usual_seconds(video.request) * prod(word.slower for word in words)
    queued = whole * QUEUED_SHARE + sum(word.longer_queue for word in words)
    return Course(_starts_at(video), queued, whole * (1 - QUEUED_SHARE), _failure(video))


def moment(video: RequestedVideo, now: datetime) -> Moment:
    """Return a video's state at a time."""
    if video.deleted_at:
        return Moment("deleted", 0, video.deleted_at)
    ahead = course(video)
    if ahead.starts_at is None or now < ahead.starts_at:
        return Moment("queued", 0, video.created_at, STILL_TRAINING)
    waited = (now - ahead.starts_at).total_seconds()
    if waited < ahead.queued:
        return Moment("queued", 0, ahead.starts_at, IN_QUEUE)
    progress = min(100, int(100 * (waited - ahead.queued) / ahead.rendering)) if ahead.rendering else 100
    reached = min(progress, ahead.breaks_at)
    since = min(now, ahead.at(reached))
    if reached == ahead.breaks_at:
        return Moment("error", reached, since, FAILURES[ahead.failure]) if ahead.failure else _ready(since)
    words = words_in(*_texts(video.request))
    status = next((word.status for word in words if word.status != "generating"), "generating")
    return Moment(status, progress, since)


def _ready(since: datetime) -> Moment:
    return Moment("ready", 100, since, SUCCESS)


def longest() -> timedelta:
    """Return the age by which every video has finished, counted from the end of its replica's training."""
    slowest = 2 * settings.SANDBOX_RENDER_SECONDS * max(word.slower for word in SCRIPT_WORDS)
    return timedelta(seconds=slowest + max(word.longer_queue for word in SCRIPT_WORDS))


def _texts(request: dict[str, Any]) -> list[str]:
    return [request.get(name) or "" for name in ("script", "audio_url", "video_name")]


def _usual_seconds(request: dict[str, Any]) -> float:
    length = min(1.0, len(request.get("script") or "") / LONG_SCRIPT)
    return settings.SANDBOX_RENDER_SECONDS * (1 + length) * (FAST_SHARE if request.get("fast") else 1)


def _starts_at(video: RequestedVideo) -> datetime | None:
    if video.training_until:
        return max(video.created_at, video.training_until)
    replica = replicas.find(video.request["replica_id"])
    return None if replica and replica.status == "started" else video.created_at


def _failure(video: RequestedVideo) -> str:
    """Return the code of the failure that this request causes once rendering begins, or ""."""
    request, replica = video.request, replicas.find(video.request["replica_id"])
    if video.replica_fails or (replica and replica.status == "error"):
        return "replica_in_error"
    if code := next((word.failure for word in words_in(*_texts(request)) if word.failure), ""):
        return code
    if request.get("audio_url"):
        return _audio_failure(request["audio_url"])
    backgrounds = request.get("background_url") or request.get("background_source_url")
    return "generation_failed" if request.get("fast") and backgrounds else ""


def _audio_failure(url: str) -> str:
    """Judge the audio by its URL alone. The sandbox fetches nothing, so nobody can make it call a server."""
    if not is_reachable(url):
        return "audio_unreachable"
    return "audio_wrong_type" if is_other_type(url, (".mp3", ".wav")) else ""


def is_reachable(url: str) -> bool:
    """Return whether a URL could be public."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and not host.endswith(".invalid")


def is_other_type(url: str, endings: tuple[str, ...]) -> bool:
    """Return whether a reachable URL ends in another file type's extension. Signed URLs can end in anything."""
    path = urlsplit(url).path.lower()
    return not path.endswith(endings) and bool(mimetypes.guess_type(path)[0])
