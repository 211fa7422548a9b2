"""Remind owners and admins once of a video that has waited a day for their approval."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import notices
from .models import Video
from .models.status import Status
from .wait_reasons import Wait

REMIND_AFTER = timedelta(days=1)
AT_ONCE = 100  # videos in one run; the rest in the next


def remind() -> int:
    """Return how many videos were reminded of. Of several workers, the one that marks the video sends the notice."""
    now = timezone.now()
    parked = Video.objects.pending().filter(status=Status.WAITING, wait=Wait.APPROVAL, trashed_at=None)
    due = parked.filter(status_at__lte=now - REMIND_AFTER, reminded_at=None)
    reminded = 0
    for video in due.select_related("workspace", "created_by").order_by("status_at")[:AT_ONCE]:
        with transaction.atomic():
            if due.filter(pk=video.pk).update(reminded_at=now):
                notices.ask_to_approve(video, is_reminder=True)
                reminded += 1
    return reminded
