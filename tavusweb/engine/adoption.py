"""Follow submissions that exist at Tavus: accepted ones, ones found by a search, and ones left by an earlier attempt.

However a row changes in the meantime, a submission known to exist is followed or recorded as an extra copy.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.tavus import RemoteVideo, TavusError
from tavusweb.videos.estimates import usual_seconds
from tavusweb.videos.models import EventKind, RemoteCopy, Video
from tavusweb.videos.models.status import IDSource, Status
from tavusweb.videos.naming import Mark

from . import not_found, poll_intervals
from .stuck import slow_after

RACES = 3  # races that a find can lose before it is only recorded


def adopt(video: Video, remote: RemoteVideo, *, kind: EventKind, with_key: APIKey | None = None) -> bool:
    """Follow this submission from now on, with its own key if not the same; False when the row has changed since."""
    expected = usual_seconds(video)
    remembered: dict[str, Any] = {
        "expected_seconds": expected,
        "late_at": timezone.now() + slow_after(expected),
        "lateness": "",
        "remote_status": remote.status[:60],
        "hosted_url": remote.hosted_url,
        "remote_created_at": remote.created_at,
        "next_poll_at": timezone.now() + timedelta(seconds=poll_intervals.next_poll_in(is_watched=True)),
        "poll_failures": 0,
        "unconfirmed_id": "" if remote.name else IDSource.ANSWER,
    }
    if with_key and with_key.pk != video.api_key_id:
        remembered["api_key"] = with_key
    if not video.adopt(remote.video_id, kind=kind, **remembered):
        return False
    if video.api_key and video.api_key.learned_slots is not None:
        video.api_key.outgrow_slots(Video.objects.in_production(video.api_key).count())
    return True


def follow(video: Video, sightings: Iterable[RemoteVideo], *, kind: EventKind = EventKind.ADOPTED) -> None:
    """Follow the best of these submissions if the video still needs one, and record the others as extra copies.

    A video that waits needs one too: it was given up for lost, and would be bought again. A submission deleted
    at Tavus does not count, nor does one of a request that was edited since.
    """
    left, outdated = unfollowed(video, sightings), []
    if video.request_from:
        outdated = [remote for remote in left if 0 < _attempt(remote) <= video.request_from]
        left = [remote for remote in left if remote not in outdated]
    seen_with = video.api_key_id  # a row that changed in the meantime may have another key
    for _ in range(RACES):
        if not left or not (video.is_unsure or video.status == Status.WAITING):
            break
        best, *others = left
        if best.is_deleted and not video.is_unsure:
            break
        if (video.is_unsure or video.claim(to_adopt=True)) and adopt(video, best, kind=kind):
            left = others
            break
        video.refresh_from_db()  # a person, a late answer or another process was faster
        left = unfollowed(video, left)
    for remote in [*left, *outdated]:
        if not remote.is_deleted:
            video.record_extra(remote.video_id, _attempt(remote), seen_with=seen_with)


def known_copies(video: Video) -> list[RemoteCopy]:
    """The submissions of this video's request that are known to exist at Tavus and are not followed, the latest first."""
    extra = video.copies.filter(kind=RemoteCopy.Kind.EXTRA, delete_at=None, deleted_at=None)
    extra = extra.filter(attempt__gt=video.request_from) if video.request_from else extra
    return list(extra.select_related("api_key").order_by("-attempt"))


def is_useless(copy: RemoteCopy, answer: RemoteVideo | TavusError) -> bool:
    """Whether a copy cannot be followed: it failed, was deleted, or Tavus has said for long enough that it has none."""
    if isinstance(answer, RemoteVideo):
        return answer.is_deleted or answer.is_failed
    if not not_found.says_no_such_video(answer):
        return False
    count = copy.not_found_count + 1
    RemoteCopy.objects.filter(pk=copy.pk).update(not_found_count=count)
    return not_found.is_believed(count, known_since=copy.found_at, at=timezone.now())


def unfollowed(video: Video, sightings: Iterable[RemoteVideo]) -> list[RemoteVideo]:
    """The submissions not left by a retry, best first: existing before deleted ones, later before earlier ones."""
    known = set(video.copies.values_list("tavus_id", flat=True)) | {video.tavus_id}
    return sorted(
        (remote for remote in sightings if remote.video_id not in known),
        key=lambda remote: (not remote.is_deleted, not remote.is_failed, _attempt(remote)),
        reverse=True,
    )


def _attempt(remote: RemoteVideo) -> int:
    mark = Mark.read(remote.name)
    return mark.attempt if mark else 0
