"""A cache with JSON values: write access to it can falsify a counter, but not run code.

Django's own database and Redis backends unpickle what they read, so write access to the cache would be code execution.
No maintained backend stores JSON in the database.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connections, router
from django.utils import timezone

CULL_EVERY = 1000  # writes between two removals of expired rows
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


class JSONSerializer:
    """Serializer for Django's Redis backend. Integers stay plain, so that Redis can increment them."""

    def dumps(self, value: Any) -> Any:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: Any) -> Any:
        """Return the value; None if it is not JSON."""
        try:
            return int(data)
        except ValueError:
            return _read(data)


class JSONDatabaseCache(BaseDatabaseCache):
    """The table of `createcachetable` with JSON values and a single statement per write.

    Rows are removed only when they expire, never to save space: a culled counter would reset a rate limit.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        made = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not made:
            return {}
        marks = ", ".join(["%s"] * len(made))
        sql = f"SELECT cache_key, value FROM {self._name} WHERE cache_key IN ({marks}) AND expires > %s"  # noqa: S608
        with self._cursor(is_write=False) as cursor:
            cursor.execute(sql, [*made, self._moment(timezone.now())])
            rows = cursor.fetchall()
        values = {made[key]: _read(value) for key, value in rows}
        return {key: value for key, value in values.items() if value is not None}

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(key, value, timeout, version, "TRUE")

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set the value unless an unexpired one exists. Of several processes, one gets True."""
        return self._write(key, value, timeout, version, f"{self._name}.expires <= %s")

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        sql = f"UPDATE {self._name} SET expires = %s WHERE cache_key = %s AND expires > %s"  # noqa: S608
        return self._change(sql, [self._expiry(timeout), self._made(key, version), self._moment(timezone.now())])

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._change(f"DELETE FROM {self._name} WHERE cache_key = %s", [self._made(key, version)])  # noqa: S608

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self.get_many([key], version))

    def clear(self) -> None:
        self._change(f"DELETE FROM {self._name}", [])  # noqa: S608

    # How a row is written.

    _table: str  # set by the base class
    _writes = 0

    def _write(self, key: str, value: Any, timeout: float | None, version: int | None, unless: str) -> bool:
        """Insert a row, or replace the existing one if `unless` holds for it."""
        row = [self._made(key, version), json.dumps(value), self._expiry(timeout)]
        condition = [self._moment(timezone.now())] if "%s" in unless else []
        sql = (
            f"INSERT INTO {self._name} (cache_key, value, expires) VALUES (%s, %s, %s) "  # noqa: S608
            f"ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires WHERE {unless}"
        )
        self._remove_expired()
        return self._change(sql, row + condition)

    def _remove_expired(self) -> None:
        self._writes += 1
        if self._writes % CULL_EVERY == 1:
            sql = f"DELETE FROM {self._name} WHERE expires <= %s"  # noqa: S608
            self._change(sql, [self._moment(timezone.now())])

    def _change(self, sql: str, values: list[Any]) -> bool:
        with self._cursor(is_write=True) as cursor:
            cursor.execute(sql, values)
            return bool(cursor.rowcount > 0)

    def _made(self, key: str, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _expiry(self, timeout: float | None) -> Any:
        until = self.get_backend_timeout(timeout)
        return self._moment(FOREVER if until is None else datetime.fromtimestamp(until, tz=UTC))

    def _moment(self, moment: datetime) -> Any:
        return connections[self._alias].ops.adapt_datetimefield_value(moment.replace(microsecond=0))

    @property
    def _alias(self) -> str:
        return str(router.db_for_write(self.cache_model_class))

    @property
    def _name(self) -> str:
        return str(connections[self._alias].ops.quote_name(self._table))

    def _cursor(self, *, is_write: bool) -> Any:
        choose = router.db_for_write if is_write else router.db_for_read
        return connections[choose(self.cache_model_class)].cursor()


def _read(value: Any) -> Any:
    """Parse JSON; None for anything else, as if the row were missing."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
