"""Write visits in batches: a web process collects the reports of its pages and writes them at most twice a second.

One statement writes many visits, so few writers wait for each other in a burst, and no page waits for a write. Collected
reports are written when the process ends, and kept while the database is unavailable. Only a process that is killed
loses the last half second of reports.
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
from .visit_notices import note_first

log = logging.getLogger(__name__)

EVERY = 0.5  # seconds between two batches
AT_ONCE = 500  # visits in one statement
LASTS = timedelta(days=1)  # how long after its opening a visit can change
MOST_KEPT = 100_000  # visits that wait in one process while the database is away
MOST_A_DAY = 100_000  # visits of one link that are counted, so that nobody fills the disk


@dataclass(slots=True)
class VisitReport:
    """A page's report of one visit. `who` is dropped once its hash is written."""

    link: int
    number: str
    at: datetime
    who: str
    is_machine: bool
    is_member: bool
    played_at: datetime | None = None
    furthest: int | None = None
    is_measured: bool = False
    watched: int = 0
    seconds: int | None = None
    clicked_at: datetime | None = None
    downloaded_at: datetime | None = None

    @property
    def key(self) -> tuple[int, str]:
        return self.link, self.number

    def add(self, later: "VisitReport") -> None:
        """Merge a later report: the earliest times count, and the furthest playback."""
        self.played_at = self.played_at or later.played_at
        self.clicked_at = self.clicked_at or later.clicked_at
        self.downloaded_at = self.downloaded_at or later.downloaded_at
        self.furthest = max(self.furthest or 0, later.furthest or 0) or None
        self.seconds = max(self.seconds or 0, later.seconds or 0) or None
        self.is_measured = self.is_measured or later.is_measured
        self.watched |= later.watched


class VisitQueue:
    """The reports of one process. Without its thread, which only web processes start, they are written immediately."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, str], VisitReport] = {}
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="visits", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread after writing the remaining reports."""
        if self._thread:
            self._stopping.set()
            self._woken.set()
            self._thread.join()
            self._thread = None

    def put(self, report: VisitReport) -> None:
        if self._thread is None:
            write([report])
            return
        with self._lock:
            self._collect([report])
        self._woken.set()

    def _collect(self, some: Iterable[VisitReport]) -> None:
        for report in some:
            if known := self._waiting.get(report.key):
                known.add(report)
            elif len(self._waiting) < MOST_KEPT:
                self._waiting[report.key] = report

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
        except Exception:  # whatever it is: the thread continues, and nothing is lost
            log.exception("%s visits could not be written; they are tried again.", len(batch))
            with self._lock:
                newer, self._waiting = list(self._waiting.values()), {}
                self._collect([*batch, *newer])
            self._woken.set()
        finally:
            connection.close()


def write(visits: Sequence[VisitReport]) -> None:
    """Insert or update the row of each visit. Writing the same report twice changes nothing."""
    videos = _links_with_room({report.link for report in visits})
    # In a fixed order, so that two processes never deadlock.
    rows = sorted((report for report in visits if report.link in videos), key=lambda report: report.key)
    salts = {day: _salt(day) for day in {f"{report.at:%Y-%m-%d}" for report in rows}}
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        values = [value for report in part for value in _values(report, videos, salts[f"{report.at:%Y-%m-%d}"])]
        ended = min(report.at for report in part) - LASTS
        with connection.cursor() as cursor:
            cursor.execute(_statement(len(part)), [*values, connection.ops.adapt_datetimefield_value(ended)])
    _note_first([report for report in rows if not report.is_machine and not report.is_member])


def _note_first(visits: Sequence[VisitReport]) -> None:
    try:
        note_first({report.link: report.at for report in reversed(visits)})
    except Exception:  # whatever it is: the visits are written, and the link's next one tries again
        log.exception("A first visit could not be noted.")


def _links_with_room(links: set[int]) -> dict[int, Any]:
    """Return the videos of links that still exist and are below the daily limit of counted visits."""
    since, videos = timezone.now() - timedelta(days=1), {}
    as_stored = Visit._meta.get_field("video").target_field.get_db_prep_value
    for pk, video in ShareLink.objects.filter(pk__in=links).values_list("pk", "video"):
        if Visit.objects.filter(link=pk, at__gte=since).count() < MOST_A_DAY:
            videos[pk] = as_stored(video, connection)
    return videos


COLUMNS = ("link_id", "video_id", "number", "at", "viewer", "is_machine", "is_member", "is_measured", "watched")
GREATEST = ("furthest", "seconds")
MOMENTS = ("played_at", "clicked_at", "downloaded_at")


def _statement(rows: int) -> str:
    table = connection.ops.quote_name(Visit._meta.db_table)
    columns = [*COLUMNS, *GREATEST, *MOMENTS]
    row = f"({', '.join(['%s'] * len(columns))})"
    changes = [f"{name} = COALESCE({table}.{name}, excluded.{name})" for name in MOMENTS]
    for name in GREATEST:
        is_less = f"excluded.{name} IS NULL OR excluded.{name} <= {table}.{name}"
        changes.append(f"{name} = CASE WHEN {is_less} THEN {table}.{name} ELSE excluded.{name} END")
    changes.append(f"watched = {table}.watched | excluded.watched")
    changes.append(f"is_measured = {table}.is_measured OR excluded.is_measured")
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)} "  # noqa: S608
        f"ON CONFLICT (link_id, number) DO UPDATE SET {', '.join(changes)} WHERE {table}.at > %s"
    )


def _values(report: VisitReport, videos: dict[int, Any], salt: str) -> list[Any]:
    moments = [getattr(report, name) for name in MOMENTS]
    at, *done = (connection.ops.adapt_datetimefield_value(moment) for moment in (report.at, *moments))
    classes = [report.is_machine, report.is_member, report.is_measured]
    played = [report.watched, report.furthest, report.seconds]
    return [report.link, videos[report.link], report.number, at, viewer_of(report.who, salt), *classes, *played, *done]


def viewer_of(who: str, salt: str) -> str:
    """Return a hash that distinguishes the visitors of one day."""
    return hashlib.sha256(f"{salt} {who}".encode(errors="replace")).hexdigest()[:16]


def _salt(day: str) -> str:
    """Return the salt of a day, which is stored only in the cache and only for a day."""
    return str(cache.get_or_set(f"visit-salt:{day}", lambda: secrets.token_hex(16), DAY))


queue = VisitQueue()
