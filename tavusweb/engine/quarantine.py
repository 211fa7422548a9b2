"""Rows that break us: set aside and reported, so that the rest goes on."""

import logging
from datetime import timedelta

from django.db import Error as DatabaseError
from django.utils import timezone

from tavusweb.videos.models import Video

log = logging.getLogger(__name__)

ASIDE_FOR = timedelta(minutes=30)


def set_aside(video: Video, error: Exception) -> None:
    """Look at this video again much later, and tell the operator why. A database that is down is not its fault."""
    log.error("Video %s could not be written down", video.pk, exc_info=error)
    if isinstance(error, DatabaseError):
        return
    later = timezone.now() + ASIDE_FOR
    row = Video.objects.filter(pk=video.pk)
    row.exclude(next_poll_at=None).update(next_poll_at=later)
    row.exclude(next_attempt_at=None).update(next_attempt_at=later)
    row.update(lease_until=None, defect=f"{type(error).__name__}: {error}"[:300], defect_at=timezone.now())
