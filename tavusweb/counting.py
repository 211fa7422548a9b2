"""Counts as columns of another query."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import IntegerField, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.sql import Query

STAND_INS = (-7_000_000_001, -7_000_000_002)  # no row's key


class CountOf(Subquery):
    """The number of rows of a query. Cut it first (`rows[:100]`), so that counting is bounded."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
    output_field = IntegerField()


class PreparedCount:
    """A count that is compiled once, because that takes longer than to count; each use puts in its own keys.

    `build` makes it for as many keys as `column` is called with, and has to make the same one at any time.
    """

    def __init__(self, build: Callable[..., CountOf]) -> None:
        self.build = build
        self._compiled: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def column(self, *keys: int) -> RawSQL:
        stand_ins = STAND_INS[: len(keys)]
        if connection.vendor not in self._compiled:
            self._compiled[connection.vendor] = _compile(self.build(*stand_ins))
        sql, parameters = self._compiled[connection.vendor]
        own = dict(zip(stand_ins, keys, strict=True))
        return RawSQL(sql, [own.get(value, value) for value in parameters], IntegerField())  # noqa: S611


def _compile(count: CountOf) -> tuple[str, tuple[Any, ...]]:
    query = Query(count.query.model)
    sql, parameters = query.get_compiler(connection=connection).compile(count.resolve_expression(query))
    return sql, tuple(parameters)
