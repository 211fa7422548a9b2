"""The name of a finished video at Tavus: viewers see it on the hosted page, so our mark is taken off.

Only while a submission of its key is in doubt do two finished videos keep theirs, or get them back: without a witness
that shows its mark, nothing is proven absent.
"""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.tavus import RemoteVideo, Tavus, TavusError
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import AT_TAVUS, Status
from tavusweb.videos.naming import Mark, mark_id, name_at_tavus, name_for_viewers

from .db import in_thread

KEPT = 2  # marked witnesses of a key with a submission in doubt
TRIED = 6  # finished videos that are asked to show theirs again
MOST_FAILURES = 3  # after which the others are not tried: each may take until the deadline of a request
LOOK_AGAIN = timedelta(minutes=10)


def name_of(video: Video) -> str:
    """The name that a video gets at Tavus."""
    if video.is_unmarked:
        return name_for_viewers(video.display_title)
    return name_at_tavus(video.display_title, video.pk, video.attempt)


def after_reading(video: Video, remote: RemoteVideo) -> dict[str, Any]:
    """What to write about a video that was read as ready: that its mark is to go, or when to look again; {} otherwise.

    A name that somebody gave it at Tavus stays. One that Tavus refused to change is left as it is.
    """
    mark = Mark.read(remote.name)
    if video.is_unmarked or not mark or mark.video != mark_id(video.pk):
        return {}
    now = timezone.now()
    if _is_needed(video):
        return {"next_poll_at": now + LOOK_AGAIN}
    return {"is_unmarked": True, "wants_rename": True, "next_poll_at": now}


async def put_back(key: APIKey, tavus: Tavus) -> None:
    """Have finished videos of a key show their marks again, the oldest first, which are watched least.

    Only of one that still has its title for a name: what somebody named it at Tavus stays. After a failure the next one
    is tried, twice at most; then the proof has no witness, which costs a question.
    """
    marked = failed = 0
    for video in await in_thread(_unmarked)(key):
        try:
            if (await tavus.get_video(video.tavus_id)).name != name_of(video):
                continue
            if not await in_thread(_change)(video, is_unmarked=False, next_poll_at=timezone.now() + LOOK_AGAIN):
                continue
            await tavus.rename_video(video.tavus_id, name_at_tavus(video.display_title, video.pk, video.attempt))
        except TavusError:
            await in_thread(_change)(video, is_unmarked=True)
            failed += 1
            if failed == MOST_FAILURES:
                return
            continue
        marked += 1
        if marked == KEPT:
            return


def _unmarked(key: APIKey) -> list[Video]:
    ready = Video.objects.filter(
        api_key=key, status=Status.READY, is_unmarked=True, wants_delete="", wants_rename=False
    )
    ready = ready.filter(unconfirmed_id="").exclude(tavus_id="")
    if key.replaced_at:  # earlier ones may be another account's
        ready = ready.filter(submitted_at__gt=key.replaced_at)
    return list(ready.order_by("finished_at")[:TRIED])


def _change(video: Video, **changes: Any) -> bool:
    rows = Video.objects.filter(pk=video.pk, status=Status.READY, tavus_id=video.tavus_id, wants_rename=False)
    return bool(rows.filter(wants_delete="").update(**changes))


def _is_needed(video: Video) -> bool:
    """Whether a proof may need this video's mark: a submission is in doubt, and hardly another witness shows its own."""
    of_key = Video.objects.filter(api_key=video.api_key_id)
    return of_key.filter(status=Status.UNSURE).exists() and _marked(of_key).exclude(pk=video.pk)[:KEPT].count() < KEPT


def _marked(videos: QuerySet[Video]) -> QuerySet[Video]:
    there = videos.filter(status__in=AT_TAVUS | {Status.READY, Status.FAILED}, is_unmarked=False, is_named_by_us=True)
    return there.filter(wants_delete="").exclude(tavus_id="").order_by()
