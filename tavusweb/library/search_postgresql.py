"""Candidates of a search on PostgreSQL.

A GIN index knows no order: with it, a common word would read all its hits to show the newest. So the newest texts are
compared first. Where words are so rare that a page would need many of them, the index is asked for all hits at once.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from .grams import LENGTH, person_mark, pieces_to_find, workspace_mark

if TYPE_CHECKING:
    from .search import Search, Word

WINDOW = 400  # texts that are compared first
MOST = 4000  # texts that are compared at once
RARE = 0.04  # share of hits among the compared texts below which the index is asked
BATCH = 1000


def batches(search: "Search", number: int) -> Iterator[list[tuple[int, UUID]]]:
    """Yield positions and videos in the search's direction, batch by batch, until there are no more."""
    beyond, window, compared, found = search.beyond, WINDOW, 0, 0
    while True:
        rows = _compare(search, beyond, window)
        batch = [(position, pk) for position, pk, is_hit in rows if is_hit]
        if batch:
            yield batch
        if len(rows) < window:
            return
        beyond, compared, found = rows[-1][0], compared + len(rows), found + len(batch)
        if found < compared * RARE:
            break
        window = min(max(number * compared // max(found, 1), WINDOW), MOST)
    hits = _look_up(search, beyond)
    yield from (hits[start : start + BATCH] for start in range(0, len(hits), BATCH))


def _compare(search: "Search", beyond: int | None, limit: int) -> list[tuple[int, UUID, bool]]:
    sql = f"""
        SELECT position, video_id, {_has_all(search)} FROM library_searchentry
        WHERE workspace_pk = %s {_beyond(search, beyond)}
        ORDER BY position {_order(search)} LIMIT {limit}
    """  # noqa: S608 - the words are parameters
    return _rows(sql, [*_words(search), search.workspace_pk, *([] if beyond is None else [beyond])])


def _look_up(search: "Search", beyond: int | None) -> list[tuple[int, UUID]]:
    sql = f"""
        WITH hit AS MATERIALIZED (
            SELECT position, video_id FROM library_searchentry
            WHERE pieces @@ %s::tsquery AND {_has_all(search)}
        )
        SELECT position, video_id FROM hit WHERE true {_beyond(search, beyond)} ORDER BY position {_order(search)}
    """  # noqa: S608
    return _rows(sql, [_query(search), *_words(search), *([] if beyond is None else [beyond])])


def _rows(sql: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _beyond(search: "Search", beyond: int | None) -> str:
    return "" if beyond is None else f"AND position {'>' if search.is_newer else '<'} %s"


def _order(search: "Search") -> str:
    return "ASC" if search.is_newer else "DESC"


def _has_all(search: "Search") -> str:
    return (
        " AND ".join(["(strpos(text, %s) > 0 OR coalesce(person_pk = ANY(%s), false))"] * len(search.words)) or "true"
    )


def _words(search: "Search") -> list[str | list[int]]:
    return [part for word in search.words for part in (word.text, list(word.people))]


def _query(search: "Search") -> str:
    return " & ".join([_quoted(workspace_mark(search.workspace_pk)), *map(_query_word, search.words)])


def _query_word(word: "Word") -> str:
    pieces = [_quoted(piece) + (":*" if len(piece) < LENGTH else "") for piece in pieces_to_find(word.text)]
    whole = f"({' & '.join(pieces)})"
    return f"({' | '.join([whole, *(_quoted(person_mark(pk)) for pk in word.people)])})"


def _quoted(piece: str) -> str:
    """Quote a piece for the query language."""
    return "'" + piece.replace("\\", "\\\\").replace("'", "''") + "'"
