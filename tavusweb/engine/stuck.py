"""Mark videos that take too long as slow, then stuck, and report them to the operator."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from tavusweb.videos.models import EventKind, Video, VideoEvent
from tavusweb.videos.models.status import AT_TAVUS, Lateness

log = logging.getLogger(__name__)

USUAL_SECONDS = 300  # for a replica without finished videos
SLOW_TIMES, STUCK_TIMES = 2.5, 8.0  # times the expected duration
SLOW_AFTER, STUCK_AFTER = timedelta(minutes=3), timedelta(minutes=20)  # and at least this long
AT_ONCE = 200


def slow_after(expected_seconds: int | None) -> timedelta:
    return max(timedelta(seconds=SLOW_TIMES * (expected_seconds or USUAL_SECONDS)), SLOW_AFTER)


def stuck_after(expected_seconds: int | None) -> timedelta:
    return max(timedelta(seconds=STUCK_TIMES * (expected_seconds or USUAL_SECONDS)), STUCK_AFTER)


def mark(at: datetime | None = None) -> int:
    """Mark videos that have become slow or stuck. Return how many."""
    now = at or timezone.now()
    late = Video.objects.filter(late_at__lte=now, status__in=AT_TAVUS).only(
        "expected_seconds", "submitted_at", "lateness"
    )
    marked = 0
    for video in late[:AT_ONCE]:
        lateness = Lateness.STUCK if video.lateness else Lateness.SLOW
        stuck_at = (video.submitted_at or now) + stuck_after(video.expected_seconds)
        changes = {"lateness": lateness, "late_at": stuck_at if lateness == Lateness.SLOW else None}
        if Video.objects.filter(pk=video.pk, late_at__lte=now, status__in=AT_TAVUS).update(**changes):
            VideoEvent.objects.create(video_id=video.pk, at=now, kind=EventKind(lateness.value))
            log.warning("Video %s is %s: it was submitted at %s", video.pk, lateness.value, video.submitted_at)
            marked += 1
    return marked
