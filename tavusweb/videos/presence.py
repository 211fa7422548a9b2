"""Note which videos are being watched, so that they are polled more often. Few writes, however many people watch."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from .models import Video
from .models.queryset import WATCHED_FOR
from .models.status import AT_TAVUS, PENDING, Status

WRITE_EVERY = timedelta(seconds=10)
STALE_AFTER = timedelta(minutes=10)  # a finished video that is shown is read again after this


def mark_rows_watched(videos: Iterable[Video]) -> None:
    """Mark the pending ones among rows that were just read, without a query when all were marked a moment ago."""
    stale = timezone.now() - WRITE_EVERY
    rows = [video for video in videos if video.is_pending]
    mark_watched([video.pk for video in rows if video.watched_at is None or video.watched_at < stale])


def mark_watched(ids: Iterable[UUID]) -> None:
    """Mark these pending videos as watched; those that were not are polled immediately."""
    now, ids = timezone.now(), list(ids)
    if not ids:
        return
    seen = Video.objects.filter(pk__in=ids, status__in=PENDING)
    seen = seen.filter(Q(watched_at=None) | Q(watched_at__lt=now - WRITE_EVERY))
    fresh = list(seen.values_list("pk", "watched_at", "status"))
    if not fresh:
        return
    Video.objects.filter(pk__in=[pk for pk, _, _ in fresh]).update(watched_at=now)
    unwatched = [pk for pk, at, status in fresh if status in AT_TAVUS and (at is None or at < now - WATCHED_FOR)]
    if unwatched:
        Video.objects.filter(pk__in=unwatched, next_poll_at__gt=now).make_due()


def refresh_if_stale(video: Video) -> None:
    """Have a ready video read again after a while: its URLs can expire, and it can be deleted at Tavus."""
    now = timezone.now()
    is_due = video.next_poll_at is not None  # and needs no further write, however many look
    if video.status == Status.READY and not is_due and (video.polled_at is None or video.polled_at < now - STALE_AFTER):
        Video.objects.filter(pk=video.pk, status=Status.READY, next_poll_at=None).update(next_poll_at=now)
