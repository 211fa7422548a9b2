"""Search in the library: pages of videos that have every searched word in their text, newest first.

A word is found in the title, the script, the replica's name or ID and the comments, and in the name of who made the
video. One that is a whole Tavus ID finds that video. `search_sqlite` and `search_postgresql` find candidates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import connection

from tavusweb.pagination import PER_PAGE, Cursor, KeysetPage
from tavusweb.text_policy import fold, search_words
from tavusweb.videos.models import Video, VideoQuerySet
from tavusweb.workspaces.models import Workspace

from . import search_postgresql, search_sqlite
from .choices import Person
from .grams import bounds
from .models import SearchEntry

FEW = 2000  # videos that other filters leave, from which on reading their texts costs more than the index
MOST_OF_ONE_ID = 10  # it is one video's, unless two workspaces have the same account
BATCHES_BEFORE_COUNTING = 2


@dataclass(frozen=True)
class Word:
    text: str
    people: tuple[int, ...]  # whose names have it


@dataclass(frozen=True)
class Search:
    """The words to find in a workspace, from one position on: towards older videos, or towards newer ones."""

    workspace_pk: int
    words: tuple[Word, ...]
    beyond: int | None = None
    is_newer: bool = False


def search_page(
    workspace: Workspace,
    typed: str,
    rows: VideoQuerySet,
    cursor: Cursor | None,
    *,
    people: Sequence[Person] = (),
    size: int = PER_PAGE,
) -> KeysetPage[Video]:
    """The `size` rows next to the cursor that match what was typed; the first page when there are none beyond it.

    `people` are those who have made videos in the workspace, for their names.
    """
    words = search_words(typed)
    if len(words) == 1 and (known := _by_tavus_id(rows, {typed.strip(), words[0]})):
        return KeysetPage(known, None, None)
    search = Search(
        workspace.pk,
        tuple(Word(word, tuple(each.pk for each in people if word in fold(each.display_name))) for word in words),
        _beyond(cursor),
        cursor is not None and cursor.is_newer,
    )
    found = _first(search, rows, cursor, size + 1)
    if cursor is not None and not found:
        return search_page(workspace, typed, rows, None, people=people, size=size)
    return _page(found, cursor, size)


def _by_tavus_id(rows: VideoQuerySet, ids: set[str]) -> list[Video]:
    """Look in the index of Tavus IDs alone first: with the other filters, SQLite would read every row instead."""
    known = list(Video.objects.order_by().filter(tavus_id__in=ids).values_list("pk", flat=True)[:MOST_OF_ONE_ID])
    return list(rows.filter(pk__in=known)) if known else []


def _beyond(cursor: Cursor | None) -> int | None:
    if cursor is None:
        return None
    low, high = bounds(cursor.created_at)
    return low - 1 if cursor.is_newer else high + 1


def _first(search: Search, rows: VideoQuerySet, cursor: Cursor | None, number: int) -> list[Video]:
    """The first `number` matching rows beyond the cursor, in the search's direction.

    Videos made within one millisecond have positions in no particular order, so all of them are read before the cut.
    """
    found: list[Video] = []
    for count, batch in enumerate(_batches(search, rows, number)):
        found += [row for row in rows.filter(pk__in=[pk for _, pk in batch]) if _is_beyond(row, cursor)]
        found.sort(key=_age, reverse=not search.is_newer)
        if len(found) >= number and batch and _is_past(batch[-1][0], found[number - 1], search):
            break
        if count == BATCHES_BEFORE_COUNTING and (few := _among_few(search, rows)) is not None:
            found = [row for row in few if _is_beyond(row, cursor)]
            found.sort(key=_age, reverse=not search.is_newer)
            break
    return found[:number]


def _batches(search: Search, rows: VideoQuerySet, number: int) -> Iterator[list[tuple[int, UUID]]]:
    engine = search_postgresql if connection.vendor == "postgresql" else search_sqlite
    yield from engine.batches(search, number)


def _among_few(search: Search, rows: VideoQuerySet) -> list[Video] | None:
    """Where the other filters leave few videos: those of them that match; None otherwise."""
    few = list(islice(rows.order_by().values_list("pk", flat=True)[: FEW + 1], FEW + 1))
    if len(few) > FEW:
        return None
    entries = SearchEntry.objects.filter(pk__in=few)
    for word in search.words:
        entries = entries.filter(text__contains=word.text) | entries.filter(person_pk__in=word.people)
    return list(rows.filter(pk__in=list(entries.values_list("pk", flat=True))))


def _age(row: Video) -> tuple[object, UUID]:
    return row.created_at, row.pk


def _is_beyond(row: Video, cursor: Cursor | None) -> bool:
    if cursor is None:
        return True
    here, there = (row.created_at, row.pk), (cursor.created_at, cursor.pk)
    return here > there if cursor.is_newer else here < there


def _is_past(position: int, row: Video, search: Search) -> bool:
    """Whether nothing that is read from `position` on can stand before this row."""
    low, high = bounds(row.created_at)
    return position > high if search.is_newer else position < low


def _page(found: list[Video], cursor: Cursor | None, size: int) -> KeysetPage[Video]:
    rows, has_more = found[:size], len(found) > size
    is_newer = cursor is not None and cursor.is_newer
    rows = rows[::-1] if is_newer else rows
    has_newer = has_more if is_newer else cursor is not None
    has_older = True if is_newer else has_more
    return KeysetPage(
        rows,
        Cursor(rows[0].created_at, rows[0].pk, is_newer=True) if rows and has_newer else None,
        Cursor(rows[-1].created_at, rows[-1].pk) if rows and has_older else None,
    )
