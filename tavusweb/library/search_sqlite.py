"""Candidates of a search on SQLite: the rows of the FTS5 table in the order of their positions, newest first."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from .grams import LENGTH, person_mark, pieces_to_find, workspace_mark

if TYPE_CHECKING:
    from .search import Search, Word

MORE = 8  # candidates beyond a page, for those that other filters leave out
MOST = 2000  # candidates in one batch


def batches(search: "Search", number: int) -> Iterator[list[tuple[int, UUID]]]:
    """Yield positions and videos in the search's direction, in batches that grow, until there are no more."""
    beyond = search.beyond
    for step in count():
        limit = min((number + MORE) * 4**step, MOST)
        batch = _some(search, beyond, limit)
        if batch:
            yield batch
        if len(batch) < limit:
            return
        beyond = batch[-1][0]


def _some(search: "Search", beyond: int | None, limit: int) -> list[tuple[int, UUID]]:
    side, order = (">", "ASC") if search.is_newer else ("<", "DESC")
    has_words = " AND ".join(_has(word) for word in search.words)
    parameters: list[str | int] = [_match(search), *([beyond] if beyond is not None else [])]
    for word in search.words:
        parameters += [word.text, *word.people]
    # A cross join, so that SQLite reads the index in its own order and stops when there are enough.
    sql = f"""
        SELECT entry.position, entry.video_id
        FROM library_searchindex AS found CROSS JOIN library_searchentry AS entry ON entry.position = found.rowid
        WHERE library_searchindex MATCH %s {f"AND found.rowid {side} %s" if beyond is not None else ""}
        {f"AND {has_words}" if has_words else ""}
        ORDER BY found.rowid {order} LIMIT {limit}
    """  # noqa: S608 - the words are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [(position, UUID(pk)) for position, pk in cursor.fetchall()]


def _has(word: "Word") -> str:
    """The check of the text itself, which the index makes quick but does not replace."""
    people = ", ".join(["%s"] * len(word.people))
    return f"(instr(entry.text, %s) > 0{f' OR entry.person_pk IN ({people})' if people else ''})"


def _match(search: "Search") -> str:
    """The search in FTS5's query language."""
    return " AND ".join([_quoted(workspace_mark(search.workspace_pk)), *map(_match_word, search.words)])


def _match_word(word: "Word") -> str:
    pieces = [_quoted(piece) + ("*" if len(piece) < LENGTH else "") for piece in pieces_to_find(word.text)]
    whole = f"({' AND '.join(pieces)})"
    return f"({' OR '.join([whole, *(_quoted(person_mark(pk)) for pk in word.people)])})"


def _quoted(piece: str) -> str:
    return '"' + piece.replace('"', '""') + '"'
