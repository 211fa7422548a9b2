"""Write visits in batches: a web process collects what its pages tell and writes it at most twice a second.

One statement writes many visits, so a burst makes few writers wait for each other, and no page waits for one. What was
collected is written when the process ends, and kept while the database is away. Only a process that is killed outright
loses what it was told in its last half second.
"""

import hashlib
import logging
import secrets
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from tavusweb.rate_limits import DAY

from .models import ShareLink, Visit

log = logging.getLogger(__name__)

EVERY = 0.5  # seconds between two batches
AT_ONCE = 500  # visits in one statement
MOST_KEPT = 100_000  # visits that wait in one process while the database is away
MOST_A_DAY = 100_000  # visits of one link that are counted, so that nobody fills the disk


@dataclass(slots=True)
class Told:
    """What a page told of one opening. `who` is forgotten once its hash is written."""

    link: int
    number: str
    at: datetime
    who: str
    is_machine: bool
    is_member: bool
    played_at: datetime | None = None
    furthest: int | None = None
    clicked_at: datetime | None = None
    downloaded_at: datetime | None = None

    @property
    def key(self) -> tuple[int, str]:
        return self.link, self.number

    def add(self, later: "Told") -> None:
        """The first time that something is told counts, and the furthest moment that was reached."""
        self.played_at = self.played_at or later.played_at
        self.clicked_at = self.clicked_at or later.clicked_at
        self.downloaded_at = self.downloaded_at or later.downloaded_at
        self.furthest = max(self.furthest or 0, later.furthest or 0) or None


class VisitQueue:
    """Without a thread, which only the web processes start, everything is written at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, str], Told] = {}
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="visits", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is left."""
        if self._thread:
            self._stopping.set()
            self._woken.set()
            self._thread.join()
            self._thread = None

    def put(self, told: Told) -> None:
        if self._thread is None:
            write([told])
            return
        with self._lock:
            self._collect([told])
        self._woken.set()

    def _collect(self, some: Iterable[Told]) -> None:
        for told in some:
            if known := self._waiting.get(told.key):
                known.add(told)
            elif len(self._waiting) < MOST_KEPT:
                self._waiting[told.key] = told

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait()
            self._woken.clear()
            self._write_batch()
            self._stopping.wait(EVERY)
        self._write_batch()

    def _write_batch(self) -> None:
        with self._lock:
            batch, self._waiting = list(self._waiting.values()), {}
        try:
            write(batch)
        except Exception:  # whatever it is: the thread goes on, and nothing is lost
            log.exception("%s visits could not be written; they are tried again.", len(batch))
            with self._lock:
                newer, self._waiting = list(self._waiting.values()), {}
                self._collect([*batch, *newer])
            self._woken.set()
        finally:
            connection.close()


def write(visits: Sequence[Told]) -> None:
    """Write visits, each a row of its own, or into the row that it has already. The same twice changes nothing."""
    room = _links_with_room({told.link for told in visits})
    # In one order, so that two processes never wait for each other's rows.
    rows = sorted((told for told in visits if told.link in room), key=lambda told: told.key)
    salts = {day: _salt(day) for day in {f"{told.at:%Y-%m-%d}" for told in rows}}
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        values = [value for told in part for value in _values(told, salts[f"{told.at:%Y-%m-%d}"])]
        with connection.cursor() as cursor:
            cursor.execute(_statement(len(part)), values)


def _links_with_room(links: set[int]) -> set[int]:
    """Those that still exist, and have had no more visits within a day than are counted."""
    since, room = timezone.now() - timedelta(days=1), set()
    for pk in ShareLink.objects.filter(pk__in=links).values_list("pk", flat=True):
        if Visit.objects.filter(link=pk, at__gte=since).count() < MOST_A_DAY:
            room.add(pk)
    return room


COLUMNS = ("link_id", "number", "at", "viewer", "is_machine", "is_member", "furthest")
MOMENTS = ("played_at", "clicked_at", "downloaded_at")


def _statement(rows: int) -> str:
    table = connection.ops.quote_name(Visit._meta.db_table)
    columns = ", ".join([*COLUMNS, *MOMENTS])
    row = f"({', '.join(['%s'] * (len(COLUMNS) + len(MOMENTS)))})"
    first = ", ".join(f"{name} = COALESCE({table}.{name}, excluded.{name})" for name in MOMENTS)
    return (
        f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * rows)} "  # noqa: S608
        f"ON CONFLICT (link_id, number) DO UPDATE SET {first}, furthest = CASE "
        f"WHEN {table}.furthest >= excluded.furthest OR excluded.furthest IS NULL "
        f"THEN {table}.furthest ELSE excluded.furthest END"
    )


def _values(told: Told, salt: str) -> list[Any]:
    moments = [getattr(told, name) for name in MOMENTS]
    at, *done = (connection.ops.adapt_datetimefield_value(moment) for moment in (told.at, *moments))
    viewer = viewer_of(told.who, salt)
    return [told.link, told.number, at, viewer, told.is_machine, told.is_member, told.furthest, *done]


def viewer_of(who: str, salt: str) -> str:
    """A hash that tells visitors of one day apart."""
    return hashlib.sha256(f"{salt} {who}".encode(errors="replace")).hexdigest()[:16]


def _salt(day: str) -> str:
    """The salt of a day, which is kept for a day, and nowhere else."""
    return str(cache.get_or_set(f"visit-salt:{day}", lambda: secrets.token_hex(16), DAY))


queue = VisitQueue()
