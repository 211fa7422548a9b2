"""The videos that a key is known to have at Tavus, by which a reading of its list is checked."""

from dataclasses import dataclass, field

from django.db.models import Q

from tavusweb.keys.models import APIKey
from tavusweb.tavus.assumptions import LONGEST_LIST
from tavusweb.videos.models import RemoteCopy, Video
from tavusweb.videos.models.status import AT_TAVUS, Status
from tavusweb.videos.naming import mark_beginning


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What one key is known to have at Tavus: each id that is followed, with what its mark begins with ("" if unknown).

    `older` were submitted before the key's secret was replaced: when the list shows one of them, it is the same account,
    and they are witnesses too. `seen` have shown their mark at Tavus; one of another name was renamed there by somebody.
    `copies` are ids that say nothing: no video follows them, or its deletion was requested. `unconfirmed` are followed,
    but no reading has shown them yet, so the list may lack them. `unmarked`, with what their marks began with, have been
    given their titles alone as names: they must be listed, and are evidence about names only while they show their marks.
    """

    marks: dict[str, str]
    older: dict[str, str] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    copies: frozenset[str] = frozenset()
    unconfirmed: frozenset[str] = frozenset()
    unmarked: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, key: APIKey) -> "Witnesses":
        """Load them before a reading begins, so that each existed by then."""
        there = Video.objects.filter(api_key=key, status__in=AT_TAVUS | {Status.READY, Status.FAILED}, wants_delete="")
        there = there.exclude(tavus_id="").order_by()[: LONGEST_LIST + 1]  # a longer list proves nothing
        marks: dict[str, str] = {}
        older: dict[str, str] = {}
        unmarked: dict[str, str] = {}
        seen, unconfirmed = set(), set()
        columns = ("tavus_id", "pk", "is_named_by_us", "is_unmarked", "is_mark_seen", "submitted_at", "unconfirmed_id")
        for tavus_id, pk, is_named, is_unmarked, is_seen, submitted_at, source in there.values_list(*columns):
            if source:
                unconfirmed.add(tavus_id)
            is_older = key.replaced_at and not (submitted_at and submitted_at > key.replaced_at)
            (older if is_older else marks)[tavus_id] = mark_beginning(pk) if is_named and not is_unmarked else ""
            if is_unmarked:
                unmarked[tavus_id] = mark_beginning(pk)
            if is_seen:
                seen.add(tavus_id)
        copies = RemoteCopy.objects.filter(video__api_key=key).values_list("tavus_id", flat=True)
        gone = Video.objects.filter(api_key=key, is_unmarked=True).filter(
            ~Q(wants_delete="") | Q(status=Status.DELETED)
        )
        skipped = frozenset(copies) | frozenset(gone.values_list("tavus_id", flat=True)[:LONGEST_LIST])
        return cls(marks, older, frozenset(seen), skipped, frozenset(unconfirmed), unmarked)

    @property
    def is_without_marks(self) -> bool:
        """Whether none of the videos there is to show its mark, so that nothing could be proven absent."""
        return not any(self.marks.values())

    def of_account(self, ids: set[str]) -> dict[str, str]:
        """The witnesses of the account whose list contains these ids."""
        known = self.marks | self.older if self.older.keys() & ids else self.marks
        return {tavus_id: mark for tavus_id, mark in known.items() if tavus_id not in self.unconfirmed}
