"""The search index of both databases, kept up to date by triggers in the transaction of every change.

Whatever changes a title, a script, a replica's name or a comment, in whatever way, the triggers of its table write the
video's `SearchEntry`. On SQLite, further triggers keep an FTS5 table beside the entries; on PostgreSQL, a generated
column of the entry holds a `tsvector`, with a GIN index. Both hold the pieces described in `grams`.

The triggers are removed before migrations and created after them: SQLite alters no table that a trigger mentions.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from . import search_index_postgresql, search_index_sqlite
from .grams import person_mark, pieces_of, position, workspace_mark

NEEDED = {"videos_video": "title_folded", "reviews_comment": "body_folded", "library_searchentry": "position"}


def before_migrations(using: str, plan: Sequence[tuple[Any, bool]] = (), **signal: Any) -> None:
    if plan:
        take_down(using)


def after_migrations(using: str = "default", **signal: Any) -> None:
    """Create what is missing, and index the videos that have no entry yet."""
    connection = connections[using]
    if not _has_tables(connection):
        return
    with connection.cursor() as cursor:
        for statement in _of(connection).UP:
            cursor.execute(statement)
        cursor.execute(_of(connection).FILL)


def take_down(using: str = "default") -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in _of(connection).DOWN if _has_tables(connection) else ():
            cursor.execute(statement)


def rebuild(using: str = "default") -> None:
    """Index every video anew, in the caller's transaction."""
    with connections[using].cursor() as cursor:
        for statement in _of(connections[using]).REBUILD:
            cursor.execute(statement)


def _of(connection: BaseDatabaseWrapper) -> Any:
    return search_index_postgresql if connection.vendor == "postgresql" else search_index_sqlite


def _has_tables(connection: BaseDatabaseWrapper) -> bool:
    """Whether migrations have come as far as the index needs; they may stop anywhere in between."""
    read = connection.introspection
    with connection.cursor() as cursor:
        tables = read.table_names(cursor)
        return all(
            table in tables and column in {each.name for each in read.get_table_description(cursor, table)}
            for table, column in NEEDED.items()
        )


@receiver(connection_created)
def teach_sqlite(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    """Give SQLite the functions that its triggers call."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("tavusweb_pieces", 3, _pieces, deterministic=True)
        connection.connection.create_function("tavusweb_position", 2, _position, deterministic=True)


def _pieces(text: str, workspace_pk: int, person_pk: int | None) -> str:
    marks = [workspace_mark(workspace_pk), *([person_mark(person_pk)] if person_pk is not None else [])]
    return " ".join([*sorted(pieces_of(text)), *marks])


def _position(created_at: str, pk: str) -> int:
    return position(datetime.fromisoformat(created_at).replace(tzinfo=UTC), UUID(pk))
