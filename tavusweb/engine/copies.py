"""Delete extra copies of a video at Tavus on request."""

from datetime import timedelta

from django.utils import timezone

from tavusweb.tavus import NotFound, Tavus, TavusError
from tavusweb.videos.models import RemoteCopy

from . import poll_intervals
from .poll import rest, rests_the_key


async def delete_copy(copy: RemoteCopy, tavus: Tavus) -> TavusError | None:
    """Ask Tavus to delete a copy; None on success."""
    try:
        await tavus.delete_video(copy.tavus_id, hard=False)
    except TavusError as error:
        return error
    return None


def record_copy_deletion(copy: RemoteCopy, error: TavusError | None) -> None:
    """Record that the copy is gone, or when to try again."""
    now, key = timezone.now(), copy.video.api_key
    row = RemoteCopy.objects.filter(pk=copy.pk)
    if error is None or isinstance(error, NotFound):
        if row.filter(deleted_at=None).update(deleted_at=now, delete_at=None):
            copy.video.note_copy_deleted(copy.tavus_id)
        return
    failures = copy.delete_failures + 1
    if rests_the_key(error) and key:
        rest(key, error)
    row.update(delete_failures=failures, delete_at=now + timedelta(seconds=poll_intervals.after_failure(failures)))
