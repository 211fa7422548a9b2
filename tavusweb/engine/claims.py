"""Claim due videos in one statement, with a token that every later write must match.

A claim expires. It also postpones the next poll, so that a video of which there is nothing to write is due
again without another word, and one whose process dies is never lost.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tavusweb.keys import sending
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import RemoteCopy, Video
from tavusweb.videos.models.queryset import WATCHED_FOR
from tavusweb.videos.models.status import AT_TAVUS

from .poll_intervals import UNWATCHED_SECONDS

HELD_FOR = timedelta(seconds=UNWATCHED_SECONDS)  # the longest duration of a request, and the time until the next poll
RECHECK_AGAIN = timedelta(minutes=1)
SOON = HELD_FOR / 2  # seconds before they are due, when the list is read anyway

# The columns that a poll needs; loading the others would cost time.
POLLED = [
    "status",
    "attempt",
    "api_key",
    "tavus_id",
    "unconfirmed_id",
    "submitted_at",
    "lease",
    "poll_failures",
    "not_found_count",
    "watched_at",
    "wants_delete",
    "wants_rename",
    "title",
    "progress",
    "remote_status",
    "remote_details",
    "remote_updated_at",
    "hosted_url",
    "thumbnail_url",
    "gif_url",
    "is_mark_seen",
    "is_unmarked",
]
# The columns that the search for a submission needs.
SEARCHED = [
    "status",
    "attempt",
    "request_from",
    "api_key",
    "lease",
    "submitted_at",
    "created_at",
    "status_at",
    "replica_id",
    "submission_name",
    "script",
    "tavus_id",
    "missing_since",
    "resent_at",
    "process_deaths",
    "asks",
]


def keys_with_work(at: datetime) -> QuerySet[APIKey]:
    """The keys with work to do now. A frozen key only polls and deletes."""
    may_poll = Q(polls_wait_until=None) | Q(polls_wait_until__lte=at)
    videos = Video.objects.filter(api_key=OuterRef("pk"))
    rechecks = Video.objects.to_recheck(at).filter(recheck_key=OuterRef("pk"))
    return APIKey.objects.filter(
        (Q(frozen_at=None) & Q(replicas_refresh_at__lte=at))
        | (may_poll & Exists(videos.due(at)))
        | (may_poll & (Exists(rechecks) | Exists(copies_to_delete(at, OuterRef("pk")))))
        | (sending.ready(at) & Exists(videos.waiting_to_go(at))),
        retired_at=None,
    )


def copies_to_delete(at: datetime, key: UUID | OuterRef) -> QuerySet[RemoteCopy]:
    """The extra copies that were seen with one key and whose deletion at Tavus was requested."""
    return RemoteCopy.objects.filter(delete_at__lte=at, api_key=key)


def claim_rechecks(key: APIKey, at: datetime, *, limit: int) -> list[Video]:
    """Claim videos whose lost submission may turn up late. A search that fails is due again after RECHECK_AGAIN."""
    due = Video.objects.to_recheck(at).filter(recheck_key=key)
    rows = list(due.order_by("recheck_at").only(*SEARCHED)[:limit])
    claimed = [row for row in rows if due.filter(pk=row.pk).update(recheck_at=at + RECHECK_AGAIN)]
    for video in claimed:
        video.api_key = key
    return claimed


def claim(
    due: QuerySet[Video], key: APIKey, at: datetime, *, limit: int, columns: Iterable[str] = POLLED
) -> list[Video]:
    """Claim up to `limit` of a key's due videos, the most overdue first."""
    ids = list(due.order_by("next_poll_at").values_list("pk", flat=True)[:limit])
    if not ids:
        return []
    lease, until = secrets.token_hex(8), at + HELD_FOR
    Video.objects.due(at).filter(pk__in=ids).update(lease=lease, lease_until=until, next_poll_at=until)
    claimed = list(Video.objects.filter(pk__in=ids, lease=lease).only(*columns))
    for video in claimed:
        video.api_key = key
    return claimed


def claim_all(videos: QuerySet[Video], at: datetime) -> tuple[str, int]:
    """Claim the videos that are due now or soon; return the token and their number.

    Claimed together, they are all served by one reading of the list. What failed lately keeps its own time.
    """
    is_free = Q(lease_until=None) | Q(lease_until__lte=at)
    is_ripe = Q(next_poll_at__lte=at) | Q(poll_failures=0)
    lease, until = secrets.token_hex(8), at + HELD_FOR
    due = videos.filter(is_free, is_ripe, next_poll_at__lte=at + SOON)
    return lease, due.update(lease=lease, lease_until=until, next_poll_at=until)


def unwatched(videos: QuerySet[Video], at: datetime) -> QuerySet[Video]:
    """The videos that the list endpoint can serve: rendering, not watched, with no deletion or rename pending."""
    is_unwatched = Q(watched_at=None) | Q(watched_at__lte=at - WATCHED_FOR)
    return videos.filter(is_unwatched, status__in=AT_TAVUS, wants_delete="", wants_rename=False)
