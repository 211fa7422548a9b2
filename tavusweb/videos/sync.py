"""Where a video meets Tavus: the only module that sees both sides of one.

Each exchange is two halves. The first half asks Tavus and touches no row; the second records the answer and
asks nobody. So no database transaction is ever open during a request.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, DateTimeField, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from tavusweb.keys.health import Health
from tavusweb.keys.models import APIKey
from tavusweb.keys.sync import health_of
from tavusweb.tavus import (
    InvalidRequest,
    NotFound,
    Refused,
    RemoteVideo,
    SlotsFull,
    Tavus,
    TavusError,
    Unclear,
    Unreachable,
    VideoRequest,
)

from .estimate import usual_seconds
from .life import Status, Wait
from .models import Video
from .models.video import Background
from .pace import next_poll_in
from .reach import site_is_public
from .waiting import WAITS
from .watching import WATCHED_FOR

log = logging.getLogger(__name__)

SLOTS_REST = timedelta(seconds=15)  # between two tries while all slots of a key are taken
NOT_FOUND_PATIENCE = 6  # answers "no such video" in a row (about a minute) before we believe it

# Settling an unsure submission. Undocumented at Tavus: how late an accepted video may enter the list, and the
# list's order (newest first is assumed). We look for two minutes, well past every time-out on the way, and read
# back to videos that are older than the submission by more than any clock can be wrong.
SETTLE_EVERY = timedelta(seconds=10)
SETTLE_FOR = timedelta(minutes=2)
CLOCKS_DIFFER_BY = timedelta(minutes=10)
SETTLE_PAGES = 50  # of 100: a key with more videos in those minutes goes on looking, never sends again


# --- What we ask for -----------------------------------------------------------------------------


def request_for(video: Video) -> VideoRequest:
    """The submission of a claimed video as Tavus takes it."""
    callback = settings.SITE_URL + reverse("tavus_callback", args=[video.callback_secret]) if site_is_public() else ""
    return VideoRequest(
        replica_id=video.replica_id,
        name=video.submission_name,
        script="" if video.audio else video.script,
        audio_url=video.audio.public_url() if video.audio else video.audio_url,
        callback_url=callback,
        background_url=video.background_url if video.background == Background.PAGE else "",
        background_source_url=video.background_url if video.background == Background.VIDEO else "",
        background_scroll=video.background_scroll,
        background_scroll_type=video.background_scroll_type,
        background_scroll_depth=video.background_scroll_depth,
        background_scroll_return=video.background_scroll_return,
        watermark_image_url=video.watermark_image_url,
        fast=video.fast,
        transparent_background=video.transparent_background,
        start_with_wave=video.start_with_wave,
    )


# --- Submission ----------------------------------------------------------------------------------


async def send(video: Video, tavus: Tavus) -> RemoteVideo | Exception:
    """POST a claimed video. Answers what came of it, whatever that was: after a claim nothing may be left open."""
    try:
        return await tavus.create_video(request_for(video))
    except Exception as error:  # noqa: BLE001 - even a bug of ours leaves the outcome unknown, and is recorded as such
        return error


def record_submission(video: Video, answer: RemoteVideo | Exception) -> None:
    """Move a claimed video on by what its POST came to. An exception that is no TavusError counts as unclear."""
    now, key = timezone.now(), video.api_key
    assert key is not None  # noqa: S101 - a video without a key is never claimed
    match answer:
        case RemoteVideo():
            key.record_success()
            _adopt(video, answer, text="Accepted by Tavus")
        case SlotsFull():
            APIKey.objects.filter(pk=key.pk).update(submissions_wait_until=now + SLOTS_REST)
            video.put_back(Wait.SLOTS, until=now, said=answer.message)
        case InvalidRequest():
            video.refuse(answer.message)
        case Refused() | Unreachable():
            health = health_of(answer)
            key.record_trouble(health, answer.message, wait=answer.retry_after)
            video.put_back(WAITS[health], until=now, said=answer.message)
        case Unclear():
            video.doubt(answer.message, look_at=now + SETTLE_EVERY / 5)
        case _:
            log.error("Submitting video %s broke", video.pk, exc_info=answer)
            video.doubt("Something broke here while it was being sent.", look_at=now + SETTLE_EVERY / 5)


def _adopt(video: Video, remote: RemoteVideo, *, text: str) -> None:
    remembered: dict[str, Any] = {
        "expected_seconds": usual_seconds(video),
        "remote_status": remote.status[:60],
        "hosted_url": remote.hosted_url,
        "remote_created_at": remote.created_at,
        "next_poll_at": timezone.now() + timedelta(seconds=next_poll_in(Status.QUEUED, watched=True)),
        "poll_failures": 0,
    }
    if not video.adopt(remote.video_id, text=text, **remembered) and video.status == Status.SENDING:
        # Our answer came after the lease had ended: the row is unsure now, and this settles it.
        video.status = Status.UNSURE
        video.adopt(remote.video_id, text=text, **remembered)


# --- Settling what is unsure ---------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """What the list at Tavus showed: the video, or how far the search went."""

    found: RemoteVideo | None
    is_complete: bool  # read back to before the submission


async def search(video: Video, tavus: Tavus) -> Search:
    """Look the unique name of a submission up in the list at Tavus. Raises TavusError."""
    since = (video.submitted_at or video.created_at) - CLOCKS_DIFFER_BY
    seen: set[str] = set()
    skipped = 0  # items that could not be read: one of them may be the video
    for number in range(1, SETTLE_PAGES + 1):
        page = await tavus.list_videos(page=number, limit=100)
        for remote in page.items:
            if remote.name == video.submission_name:
                return Search(remote, is_complete=True)
        fresh = [remote for remote in page.items if remote.video_id not in seen]
        seen.update(remote.video_id for remote in fresh)
        is_older = [remote.created_at is not None and remote.created_at < since for remote in fresh]
        skipped += page.skipped
        if not fresh or all(is_older) or (page.total is not None and len(seen) >= page.total):
            return Search(None, is_complete=not skipped)
    return Search(None, is_complete=False)


def record_search(video: Video, search: Search) -> None:
    """Adopt what was found; send again what is proven absent; else go on looking."""
    now = timezone.now()
    if search.found:
        _adopt(video, search.found, text="Found at Tavus")
    elif search.is_complete and now - video.status_at >= SETTLE_FOR:
        video.put_back(Wait.TURN, until=now, said="Tavus does not have it; it is sent again.")
    else:
        _update(video, next_poll_at=now + SETTLE_EVERY, polled_at=now)


# --- Polling -------------------------------------------------------------------------------------


async def ask(video: Video, tavus: Tavus) -> RemoteVideo | Search | TavusError | None:
    """The one request that a due video is owed: its deletion, its new name, its search, or its state.

    None stands for a deletion or a new name that Tavus took.
    """
    try:
        return await _ask(video, tavus)
    except TavusError as error:
        return error


async def _ask(video: Video, tavus: Tavus) -> RemoteVideo | Search | None:
    if video.wants_delete:
        await tavus.delete_video(video.tavus_id, hard=video.wants_delete == "hard")
        return None
    if video.status == Status.UNSURE:
        return await search(video, tavus)
    if video.wants_rename:
        await tavus.rename_video(video.tavus_id, video.name_for(video.attempt))
        return None
    return await tavus.get_video(video.tavus_id)


def record_exchange(video: Video, answer: RemoteVideo | Search | TavusError | None) -> None:
    """Write down what a due video's request came to, and when it is looked at next."""
    assert video.api_key is not None  # noqa: S101 - only videos with a key are due
    if not isinstance(answer, TavusError):
        video.api_key.record_success()
    match answer:
        case Search():
            record_search(video, answer)
        case RemoteVideo():
            record_state(video, answer)
        case None if video.wants_delete:
            video.record_deleted(text="Deleted at Tavus", hard=video.wants_delete == "hard")
        case None:
            _update(video, wants_rename=False, next_poll_at=_owed_or(timezone.now() if video.is_rendering else None))
        case TavusError():
            record_poll_error(video, video.api_key, answer)


def record_state(video: Video, remote: RemoteVideo) -> None:
    """Mirror what Tavus says of a video. Unknown status words change nothing and are kept as they came."""
    now = timezone.now()
    seen: dict[str, Any] = {
        "remote_status": remote.status[:60],
        "remote_details": (remote.error_details or remote.status_details)[:2000],
        "hosted_url": remote.hosted_url or video.hosted_url,
        "download_url": remote.download_url,
        "stream_url": remote.stream_url,
        "thumbnail_url": remote.thumbnail_url or video.thumbnail_url,
        "gif_url": remote.gif_url or video.gif_url,
        "remote_created_at": remote.created_at or video.remote_created_at,
        "remote_updated_at": remote.updated_at,
        "polled_at": now,
        "poll_failures": 0,
    }
    done: dict[str, Any] = {"next_poll_at": _owed_or(None), "lease_until": None}
    if remote.is_deleted:
        video.record_deleted(text="Deleted at Tavus", said=remote.status_details)
    elif video.status == Status.READY:
        _update(video, **seen | done if remote.is_ready else done | {"polled_at": now})
    elif remote.is_ready:
        video.mirror(Status.READY, text="Ready", **seen, **done, progress=100, finished_at=now)
        free_a_slot(video)
    elif remote.is_failed:
        video.mirror(
            Status.FAILED,
            text="Failed at Tavus",
            said=seen["remote_details"],
            failure_code=remote.failure_code or "unknown",
            finished_at=now,
            **seen,
            **done,
        )
        free_a_slot(video)
    else:
        progress = video.progress if remote.progress is None else min(max(remote.progress, video.progress), 99)
        later: dict[str, Any] = {
            "progress": progress,
            "next_poll_at": _owed_or(next_poll(video, now)),
            "lease_until": None,
        }
        if remote.status == "generating" and video.status == Status.QUEUED:
            video.mirror(Status.GENERATING, text="Rendering began", **seen, **later)
        else:
            _update(video, **seen, **later)


def record_poll_error(video: Video, key: APIKey, error: TavusError) -> None:
    """Look again later; what is wrong with the key rests the key."""
    failures = video.poll_failures + 1
    if isinstance(error, NotFound):
        if video.wants_delete:
            video.record_deleted(text="Tavus no longer has it", said=error.message, hard=video.wants_delete == "hard")
            return
        if failures >= NOT_FOUND_PATIENCE and video.status != Status.UNSURE:
            video.record_deleted(text="Tavus no longer knows this video", said=error.message)
            return
    elif isinstance(error, InvalidRequest) and video.wants_rename:
        _update(video, wants_rename=False)  # a name that Tavus does not take stays ours alone
    wait = next_poll_in(Status(video.status), watched=False, failures=failures)
    if isinstance(error, Unreachable) or (isinstance(error, Refused) and not isinstance(error, InvalidRequest)):
        until = key.record_trouble(health_of(error), error.message, wait=error.retry_after)
        wait = max(wait, (until - timezone.now()).total_seconds())
    wait = max(wait, error.retry_after or 0)
    _update(video, poll_failures=failures, next_poll_at=timezone.now() + timedelta(seconds=wait))


def next_poll(video: Video, now: datetime) -> datetime:
    watched = video.watched_at is not None and video.watched_at > now - WATCHED_FOR
    return now + timedelta(seconds=next_poll_in(Status(video.status), watched=watched))


def free_a_slot(video: Video) -> None:
    """A video has left production: one that waits for a slot of its key may go."""
    if video.api_key:
        APIKey.objects.filter(pk=video.api_key.pk, health=Health.WORKS).update(submissions_wait_until=None)


def recover(video: Video) -> None:
    """A submission whose process is gone: nobody knows whether it was sent."""
    video.doubt("The process that sent it has died.", look_at=timezone.now())


def _owed_or(moment: datetime | None) -> Case:
    """`moment`, or now when somebody asked for a deletion or a new name while the request was under way."""
    owed = ~Q(wants_delete="") | Q(wants_rename=True)
    return Case(When(owed, then=Value(timezone.now())), default=Value(moment), output_field=DateTimeField(null=True))


def _update(video: Video, **changes: Any) -> None:
    """Write fields that are no move, and give the video back."""
    Video.objects.filter(pk=video.pk, status=video.status, lease=video.lease).update(**{"lease_until": None} | changes)
