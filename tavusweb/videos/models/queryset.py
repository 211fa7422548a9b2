from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.search_field import FoldingQuerySet
from tavusweb.text_policy import search_words

from .copy import RemoteCopy
from .status import AT_TAVUS, PENDING, Status

if TYPE_CHECKING:
    from .video import Video  # noqa: F401 - named in quotes


WATCHED_FOR = timedelta(seconds=30)  # how long a video counts as watched after it was last shown

SHOWN_IN_ROWS = (
    *("workspace", "created_by", "created_at", "title", "api_key", "replica_id", "replica_name", "status", "progress"),
    *("wait", "next_attempt_at", "asks", "wants_delete", "trashed_at", "thumbnail_url", "gif_url"),
    *("watched_at", "submitted_at", "expected_seconds"),
)

# Exactly the condition of the index video_pending: with `IN` and bound values, SQLite would not use it.
IS_PENDING = reduce(or_, (Q(status=status) for status in sorted(PENDING)))


class VideoQuerySet(FoldingQuerySet["Video"]):
    def current(self) -> "VideoQuerySet":
        """Videos that are not in the trash."""
        return self.filter(trashed_at=None)

    def in_trash(self) -> "VideoQuerySet":
        return self.filter(trashed_at__isnull=False)

    def newest_first(self) -> "VideoQuerySet":
        return self.order_by("-created_at", "-id")

    def search(self, words: str) -> "VideoQuerySet":
        """Videos whose title, script, replica or Tavus ID contains every one of `words`."""
        rows = self
        for word in search_words(words):
            rows = rows.filter(
                Q(title_folded__contains=word)
                | Q(script_folded__contains=word)
                | Q(replica_folded__contains=word)
                | Q(replica_id__iexact=word)
                | Q(tavus_id__iexact=word)
            )
        return rows

    def for_library(self) -> "VideoQuerySet":
        """Only what a row of the library shows: each further column costs a hundred values a page."""
        return self.only(*SHOWN_IN_ROWS)

    def for_rows(self) -> "VideoQuerySet":
        """Without the long texts, which lists do not show."""
        return self.defer("script", "script_folded", "title_folded", "replica_folded", "remote_details")

    def pending(self) -> "VideoQuerySet":
        return self.filter(IS_PENDING)

    def waiting_to_go(self, at: datetime) -> "VideoQuerySet":
        """Videos whose turn has come. What was being sent when it went to the trash, and was refused, is not sent again."""
        return self.current().filter(status=Status.WAITING, next_attempt_at__lte=at)

    def in_production(self, key: APIKey, *, or_unsure: bool = False) -> "VideoQuerySet":
        """Videos that this key has in production at Tavus; with `or_unsure`, also those it may have there.

        Not what a person is asked about, maybe for days: should Tavus have it, it refuses one too many at no cost.
        """
        unsure = Q(status=Status.UNSURE, asks="") if or_unsure else Q()
        return self.filter(Q(status__in=AT_TAVUS) | unsure, api_key=key)

    def under_way_at_tavus(self) -> "VideoQuerySet":
        """Videos with something to finish in the key's current account: submissions, deletions, new names."""
        is_there = Q(status__in=AT_TAVUS | {Status.SENDING, Status.UNSURE})
        is_owed = ~Q(wants_delete="") | Q(wants_rename=True)
        return self.filter(is_there | Q(is_owed, status__in=[Status.READY, Status.FAILED]))

    def same_as(self, digest: str, *, in_sandbox: bool) -> "VideoQuerySet":
        """Videos that are ready or on their way and show the same; one from the sandbox is no stand-in for a real one."""
        made = self.filter(spec_digest=digest, status__in=PENDING | {Status.READY}, wants_delete="", trashed_at=None)
        return made.filter(api_key__is_sandbox=in_sandbox).order_by("-created_at")

    def needing_key(self) -> "VideoQuerySet":
        """Videos that cannot be finished without their key: pending ones, and those to be deleted at Tavus."""
        copies = RemoteCopy.objects.to_delete().filter(video=OuterRef("pk"))
        return self.filter(IS_PENDING | ~Q(wants_delete="") | Exists(copies))

    def watched(self, at: datetime) -> "VideoQuerySet":
        return self.filter(watched_at__gt=at - WATCHED_FOR)

    def due(self, at: datetime) -> "VideoQuerySet":
        """Videos to poll now that are not claimed."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lte=at), next_poll_at__lte=at)

    def make_due(self) -> int:
        """Have these polled in the next round. If one is claimed, the answer of that claim is dropped."""
        return self.exclude(next_poll_at=None).update(next_poll_at=timezone.now(), lease_until=None)

    def asking(self) -> "VideoQuerySet":
        """Unsure videos that need a person's decision."""
        return self.filter(status=Status.UNSURE).exclude(asks="")

    def to_recheck(self, at: datetime) -> "VideoQuerySet":
        """Videos of which an extra copy may turn up. Unsure ones are searched for anyway."""
        return self.filter(recheck_at__lte=at).exclude(status__in=[Status.UNSURE, Status.SENDING])

    def orphaned(self, at: datetime) -> "VideoQuerySet":
        """Videos whose process died between the claim and the answer."""
        return self.filter(status=Status.SENDING, lease_until__lte=at)
