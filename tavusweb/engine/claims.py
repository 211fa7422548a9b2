"""Taking due videos: in one statement, under a token that every later write must show.

A claim ends by itself. It also moves the next poll on, so that a video of which there is nothing to write is due
again without another word, and one whose process dies is never lost.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from tavusweb.keys.models import APIKey
from tavusweb.videos.models import RemoteCopy, Video
from tavusweb.videos.models.queryset import WATCHED_FOR
from tavusweb.videos.models.status import AT_TAVUS

from .intervals import UNWATCHED_SECONDS

HELD_FOR = timedelta(seconds=UNWATCHED_SECONDS)  # as long as a request may take, and until the next poll
RECHECK_AGAIN = timedelta(minutes=1)
SOON = HELD_FOR / 2  # earlier than due, when the list is read anyway

# What a poll needs of a row; every other column would have to be unpacked for nothing.
POLLED = [
    "status",
    "attempt",
    "api_key",
    "tavus_id",
    "submitted_at",
    "lease",
    "poll_failures",
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
]
# What the search for a submission needs.
SEARCHED = [
    "status",
    "attempt",
    "api_key",
    "lease",
    "submitted_at",
    "created_at",
    "status_at",
    "replica_id",
    "submission_name",
    "tavus_id",
    "missing_since",
    "resent_at",
    "process_deaths",
    "asks",
]


def keys_to_speak_with(at: datetime) -> QuerySet[APIKey]:
    """The keys that have something to do now. A frozen one is asked about what it has made, and for nothing else."""
    may_poll = Q(polls_wait_until=None) | Q(polls_wait_until__lte=at)
    may_send = Q(submissions_wait_until=None) | Q(submissions_wait_until__lte=at)
    mine = Video.objects.filter(api_key=OuterRef("pk"))
    is_free = Q(frozen_at=None)
    return APIKey.objects.filter(
        (is_free & Q(replicas_refresh_at__lte=at))
        | (may_poll & Exists(mine.due(at)))
        | (may_poll & (Exists(mine.to_recheck(at)) | Exists(copies_to_delete(at, OuterRef("pk")))))
        | (is_free & may_send & Exists(mine.waiting_to_go(at))),
        retired_at=None,
    )


def copies_to_delete(at: datetime, key: UUID | OuterRef) -> QuerySet[RemoteCopy]:
    """The extra copies of one key's videos that somebody wants deleted at Tavus."""
    # Not a join: SQLite would begin it with every video that the key ever made.
    key_of_it = Subquery(Video.objects.filter(pk=OuterRef("video")).values("api_key"))
    return RemoteCopy.objects.filter(delete_at__lte=at).alias(key=key_of_it).filter(key=key)


def claim_rechecks(key: APIKey, at: datetime, *, most: int) -> list[Video]:
    """Take videos whose lost submission may turn up late; a reading that fails is due again soon."""
    due = Video.objects.to_recheck(at).filter(api_key=key)
    rows = list(due.order_by("recheck_at").only(*SEARCHED)[:most])
    claimed = [row for row in rows if due.filter(pk=row.pk).update(recheck_at=at + RECHECK_AGAIN)]
    for video in claimed:
        video.api_key = key
    return claimed


def claim(
    due: QuerySet[Video], key: APIKey, at: datetime, *, most: int, columns: Iterable[str] = POLLED
) -> list[Video]:
    """Take up to `most` of a key's due videos, the longest due first."""
    ids = list(due.order_by("next_poll_at").values_list("pk", flat=True)[:most])
    if not ids:
        return []
    lease, until = secrets.token_hex(8), at + HELD_FOR
    Video.objects.due(at).filter(pk__in=ids).update(lease=lease, lease_until=until, next_poll_at=until)
    claimed = list(Video.objects.filter(pk__in=ids, lease=lease).only(*columns))
    for video in claimed:
        video.api_key = key
    return claimed


def claim_all(videos: QuerySet[Video], at: datetime) -> tuple[str, int]:
    """Take all of these that are due, and those that soon will be; answers their token and their number.

    So they stay together, and one reading of the list serves all of them. What failed lately keeps its own time.
    """
    is_free = Q(lease_until=None) | Q(lease_until__lte=at)
    is_ripe = Q(next_poll_at__lte=at) | Q(poll_failures=0)
    lease, until = secrets.token_hex(8), at + HELD_FOR
    due = videos.filter(is_free, is_ripe, next_poll_at__lte=at + SOON)
    return lease, due.update(lease=lease, lease_until=until, next_poll_at=until)


def unwatched(videos: QuerySet[Video], at: datetime) -> QuerySet[Video]:
    """The videos for which a list will do: they render, nobody looks and nothing else is owed."""
    nobody_looks = Q(watched_at=None) | Q(watched_at__lte=at - WATCHED_FOR)
    return videos.filter(nobody_looks, status__in=AT_TAVUS, wants_delete="", wants_rename=False)
