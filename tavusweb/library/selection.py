"""Which videos a person has selected: those that are ticked, or all that match the filters of the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from tavusweb.accounts.models import User
from tavusweb.videos.models import VideoQuerySet
from tavusweb.workspaces.models import Workspace

from .choices import choices_of
from .filters import LibraryFilter, as_uuid
from .search import search_page

MOST_SELECTED = 10_000
PAGE = 1000


@dataclass(frozen=True)
class Selection:
    """`matching` with `up_to`: what has been made since the page was shown is not in it."""

    pks: tuple[UUID, ...] = ()
    matching: LibraryFilter | None = None
    up_to: datetime | None = None

    @classmethod
    def read(cls, given: QueryDict) -> Self:
        if given.get("every"):
            return cls(matching=LibraryFilter.read(QueryDict(given.get("query", ""))), up_to=_moment(given))
        pks = (as_uuid(text) for text in given.getlist("video")[:MOST_SELECTED])
        return cls(tuple(dict.fromkeys(pk for pk in pks if pk)))

    def of(self, workspace: Workspace, user: User) -> list[UUID]:
        """Return the workspace's own videos among them, newest first, MOST_SELECTED at most."""
        if self.matching is None:
            return list(workspace.videos.filter(pk__in=self.pks).newest_first().values_list("pk", flat=True))
        rows = self.matching.apply(workspace.videos.all())
        if self.up_to:
            rows = rows.filter(created_at__lte=self.up_to)
        if self.matching.q:
            return list(_found(workspace, user, self.matching.q, rows))
        return list(rows.newest_first().values_list("pk", flat=True)[:MOST_SELECTED])


def _found(workspace: Workspace, user: User, words: str, rows: VideoQuerySet) -> Iterator[UUID]:
    cursor, people, left = None, choices_of(workspace, user).people, MOST_SELECTED
    while left > 0:
        page = search_page(workspace, words, rows.only("created_at"), cursor, people=people, size=min(PAGE, left))
        yield from (video.pk for video in page.rows)
        left -= len(page.rows)
        cursor = page.older
        if cursor is None or not page.rows:
            return


def _moment(given: QueryDict) -> datetime | None:
    try:
        moment = parse_datetime(given.get("up_to", ""))
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
