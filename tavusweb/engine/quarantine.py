"""Quarantine and report rows that keep raising, so that the others continue."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import Error as DatabaseError
from django.utils import timezone

from tavusweb.text_policy import cut
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

from .db import in_thread

log = logging.getLogger(__name__)

ASIDE_FOR = timedelta(minutes=30)


def set_aside(video: Video, error: Exception) -> None:
    """Postpone this video by ASIDE_FOR and log why. A database error is not the row's fault."""
    log.error("Video %s could not be written down", video.pk, exc_info=error)
    if isinstance(error, DatabaseError):
        return
    later = timezone.now() + ASIDE_FOR
    row = Video.objects.filter(pk=video.pk)
    row.exclude(next_poll_at=None).update(next_poll_at=later)
    row.exclude(next_attempt_at=None).update(next_attempt_at=later)
    # A claim for submission has to expire: that reveals a submission whose outcome was not recorded.
    row.exclude(status=Status.SENDING).update(lease_until=None)
    row.update(defect=cut(f"{type(error).__name__}: {error}", 300), defect_at=timezone.now())


async def record_safely(write: Callable[[Video, Any], object], video: Video, answer: Any) -> None:
    """Record the result for one video. A row that raises is quarantined, and the others continue."""
    try:
        await in_thread(write)(video, answer)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop the others
        await in_thread(set_aside)(video, error)
