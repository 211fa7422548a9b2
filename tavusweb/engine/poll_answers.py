"""From queued to ready: read the state of a video at Tavus and update its row."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, Q, Value, When
from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.keys.sync import health_of
from tavusweb.tavus import InvalidRequest, Refused, RemoteVideo, Tavus, TavusError, Unreachable
from tavusweb.text_policy import cut
from tavusweb.videos.models import EventKind, Video
from tavusweb.videos.models.status import DeleteMode, Status
from tavusweb.videos.naming import ends_with_mark, mark_beginning

from . import marks, not_found, poll_intervals
from .bulk_update import Reading, write
from .confirmation import confirm, give_back_unknown


async def ask(video: Video, tavus: Tavus) -> RemoteVideo | TavusError | None:
    """Send the one request that a due video needs: its deletion, its new name, or its state.

    Until its ID is confirmed, only its state: the ID may be another video's. None stands for a deletion or a new name that Tavus took.
    """
    try:
        if video.unconfirmed_id:
            return await tavus.get_video(video.tavus_id)
        if video.wants_delete:
            await tavus.delete_video(video.tavus_id, hard=video.wants_delete == DeleteMode.HARD)
            return None
        if video.wants_rename:
            await tavus.rename_video(video.tavus_id, marks.name_of(video))
            return None
        return await tavus.get_video(video.tavus_id)
    except TavusError as error:
        return error


def is_still_rendering(video: Video, remote: RemoteVideo) -> bool:
    """Whether the video is still rendering, so that at most its progress is written."""
    if video.unconfirmed_id:
        return False
    has_begun = remote.status == "generating" and video.status == Status.QUEUED
    return video.is_rendering and not remote.is_final and not has_begun


def reading_of(video: Video, remote: RemoteVideo) -> Reading | None:
    """What to write about a video that is still rendering; None if nothing."""
    now = timezone.now()
    is_watched = video.is_watched(now)
    later = now + timedelta(seconds=poll_intervals.next_poll_in(is_watched=is_watched))
    return Reading.of(video, remote, next_poll_at=later, is_watched=is_watched)


def record(video: Video, answer: RemoteVideo | TavusError | None) -> None:
    """Update a video with the answer to its request."""
    match answer:
        case RemoteVideo() if video.unconfirmed_id:
            if confirm(video, answer):
                record_confirmed(video, answer)
        case RemoteVideo():
            record_state(video, answer)
        case TavusError():
            record_error(video, answer)
        case None if video.wants_delete:
            video.record_deleted(mode=video.wants_delete)
        case None:
            _give_back(video, wants_rename=False, next_poll_at=_after_rename(video), not_found_count=0)


def record_confirmed(video: Video, remote: RemoteVideo) -> None:
    """Write the reading that confirmed an ID like any other."""
    if not is_still_rendering(video, remote):
        record_state(video, remote)
    elif reading := reading_of(video, remote):
        write([reading], at=timezone.now())


def record_state(video: Video, remote: RemoteVideo) -> None:
    """Mirror a change at Tavus. An unknown status changes nothing."""
    now = timezone.now()
    answered = {"polled_at": now, "poll_failures": 0, "not_found_count": 0}
    done = answered | {"next_poll_at": _owed_or(None), "lease_until": None}
    ended = {"finished_at": now, "late_at": None}
    if remote.is_deleted:
        video.record_deleted(provider_message=remote.status_details)
    elif video.status in {Status.READY, Status.FAILED}:
        is_same = video.status == _status_of(remote)
        owed = marks.after_reading(video, remote) if is_same and remote.is_ready else {}
        _give_back(video, **(_outcome(video, remote) if is_same else {}) | done | owed)
    elif remote.is_ready:
        ready = _outcome(video, remote) | done | ended | {"progress": 100} | marks.after_reading(video, remote)
        video.mirror(Status.READY, kind=EventKind.READY, **ready)
    elif remote.is_failed:
        outcome = _outcome(video, remote) | done | ended | {"failure_code": remote.failure_code}
        video.mirror(Status.FAILED, kind=EventKind.FAILED, provider_message=outcome["remote_details"], **outcome)
    elif video.is_rendering:
        video.mirror(Status.GENERATING, kind=EventKind.RENDERING)
        if reading := reading_of(video, remote):
            write([reading], at=now)


def record_error(video: Video, error: TavusError) -> None:
    """Poll again later. An error that concerns the key rests the key."""
    failures = video.poll_failures + 1
    not_found_count = video.not_found_count + not_found.says_no_such_video(error)
    if video.unconfirmed_id:
        if give_back_unknown(video, error, not_found_count):
            return
    elif _is_gone(video, error, not_found_count) and Status.DELETED in video.may_become:
        _record_gone(video, error, not_found_count)
        return
    wait = max(poll_intervals.after_failure(failures), error.retry_after or 0)
    if rests_the_key(error) and video.api_key:
        until = rest(video.api_key, error)
        wait = max(wait, (until - timezone.now()).total_seconds())
    changes: dict[str, Any] = {
        "poll_failures": failures,
        "not_found_count": not_found_count,
        "next_poll_at": timezone.now() + timedelta(seconds=wait),
    }
    if isinstance(error, InvalidRequest) and video.wants_rename and not video.unconfirmed_id:
        changes["wants_rename"] = False  # a name that Tavus rejects is kept only here
    _give_back(video, **changes)


def _record_gone(video: Video, error: TavusError, not_found_count: int) -> None:
    """Record that the video is gone. The account of a new secret proves nothing about videos of the previous one."""
    is_of_before = video.is_from_before_replacement
    if is_of_before and not video.wants_delete and not video.is_rendering:
        changes = {"not_found_count": not_found_count, "next_poll_at": None, "wants_rename": False}
        _give_back(video, **changes)
        return
    mode = video.wants_delete or DeleteMode.SOFT
    message = error.message
    video.record_deleted(kind=EventKind.GONE, provider_message=message, mode=mode, is_of_old_key=is_of_before)


def _after_rename(video: Video) -> datetime | None:
    """When to read a video whose new name Tavus took. A mark that a finished one has got back is to go again."""
    if video.is_rendering:
        return timezone.now()
    return timezone.now() + marks.LOOK_AGAIN if video.is_ready and not video.is_unmarked else None


def _status_of(remote: RemoteVideo) -> Status | None:
    return Status.READY if remote.is_ready else Status.FAILED if remote.is_failed else None


def _is_gone(video: Video, error: TavusError, not_found_count: int) -> bool:
    """Whether Tavus has said for long enough that the video does not exist."""
    if not not_found.says_no_such_video(error):
        return False
    return not_found.is_believed(not_found_count, known_since=video.submitted_at, at=timezone.now())


def rests_the_key(error: TavusError) -> bool:
    """Whether an error concerns the key or the connection to Tavus rather than one video."""
    return isinstance(error, Unreachable) or (isinstance(error, Refused) and not isinstance(error, InvalidRequest))


def rest(key: APIKey, error: TavusError) -> datetime:
    return key.record_trouble(health_of(error), error.message, wait=error.retry_after)


def _outcome(video: Video, remote: RemoteVideo) -> dict[str, Any]:
    return {
        "remote_status": remote.status[:60],
        "remote_details": cut(remote.error_details or remote.status_details, 2000),
        "hosted_url": remote.hosted_url or video.hosted_url,
        "download_url": remote.download_url,
        "stream_url": remote.stream_url,
        "thumbnail_url": remote.thumbnail_url or video.thumbnail_url,
        "gif_url": remote.gif_url or video.gif_url,
        "remote_created_at": remote.created_at or video.remote_created_at,
        "remote_updated_at": remote.updated_at,
        "is_mark_seen": video.is_mark_seen or ends_with_mark(remote.name, mark_beginning(video.pk)),
    }


def _owed_or(moment: datetime | None) -> Case:
    """`moment`, or now if a deletion or a new name was requested in the meantime."""
    owed = ~Q(wants_delete="") | Q(wants_rename=True)
    return Case(When(owed, then=Value(timezone.now())), default=Value(moment), output_field=DateTimeField(null=True))


def _give_back(video: Video, **changes: Any) -> None:
    """Write fields without a status change and release the video, if this process still holds it."""
    held = Video.objects.filter(pk=video.pk, status=video.status, lease=video.lease)
    held.update(**{"lease_until": None} | changes)
