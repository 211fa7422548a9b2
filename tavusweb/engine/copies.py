"""Delete extra copies of a video at Tavus on request."""

from datetime import timedelta

from django.utils import timezone

from tavusweb.tavus import Tavus, TavusError
from tavusweb.videos.models import RemoteCopy

from . import not_found, poll_intervals
from .poll_answers import rest, rests_the_key


async def delete_copy(copy: RemoteCopy, tavus: Tavus) -> TavusError | None:
    """Ask Tavus to delete a copy; None on success."""
    try:
        await tavus.delete_video(copy.tavus_id, hard=False)
    except TavusError as error:
        return error
    return None


def record_copy_deletion(copy: RemoteCopy, error: TavusError | None) -> None:
    """Record that the copy is gone, or when to try again. A single "not found" is not believed."""
    now, key = timezone.now(), copy.api_key
    row = RemoteCopy.objects.filter(pk=copy.pk)
    not_found_count = copy.not_found_count + (error is not None and not_found.says_no_such_video(error))
    is_gone = error is not None and _is_gone(copy, error, not_found_count)
    if is_gone and key and key.replaced_at and copy.found_at <= key.replaced_at:
        if row.exclude(delete_at=None).update(delete_at=None, not_found_count=0):
            copy.video.note_copy_not_found(copy.tavus_id)
        return
    if error is None or is_gone:
        if row.filter(deleted_at=None).update(deleted_at=now, delete_at=None):
            copy.video.note_copy_deleted(copy.tavus_id)
        return
    failures = copy.delete_failures + 1
    if rests_the_key(error) and key:
        rest(key, error)
    later = now + timedelta(seconds=poll_intervals.after_failure(failures))
    row.update(delete_failures=failures, not_found_count=not_found_count, delete_at=later)


def _is_gone(copy: RemoteCopy, error: TavusError, not_found_count: int) -> bool:
    if not not_found.says_no_such_video(error):
        return False
    return not_found.is_believed(not_found_count, known_since=copy.found_at, at=timezone.now())
