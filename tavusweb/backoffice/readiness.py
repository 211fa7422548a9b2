"""Readiness of the instance: the database answers, and a worker renewed its lease recently."""

from dataclasses import dataclass
from datetime import timedelta
from tempfile import TemporaryFile

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.models import F
from django.utils import timezone

from tavusweb.engine.models import Lease
from tavusweb.engine.sweep import LEASE
from tavusweb.storage_problems import Kind, StorageProblem, problem_of

LOCKED_AFTER_MS = 1_000  # less than a monitor waits for an answer
STALE_AFTER = timedelta(seconds=30)  # a sweep renews its lease every second and hands over within a few


@dataclass(frozen=True)
class Readiness:
    """`reasons` are read by monitoring and the launcher: English only."""

    database: str  # "ok", "down", "locked", "full" or "read-only"
    worker: str  # "fresh", "stale", "never" or "unknown"
    reasons: list[str]

    @property
    def is_ready(self) -> bool:
        return not self.reasons


def readiness() -> Readiness:
    try:
        renewed_at = Lease.last_renewal(LEASE)
        _try_to_write()
    except (DatabaseError, OSError) as error:
        reason = f"The data folder can’t be written ({error})."  # not translated: for monitoring
        problem = problem_of(error) or StorageProblem(Kind.DOWN, reason)
        return Readiness(problem.kind, "unknown", [problem.reason])
    if renewed_at is None:
        return Readiness("ok", "never", ["No worker has run yet."])  # not translated: for monitoring
    silence = timezone.now() - renewed_at
    if silence > STALE_AFTER:
        seconds = round(silence.total_seconds())
        reason = f"The worker was last seen {seconds} seconds ago."  # not translated: for monitoring
        return Readiness("ok", "stale", [reason])
    return Readiness("ok", "fresh", [])


def _try_to_write() -> None:
    """Write what changes nothing, to the database and to the data folder. Raises what they say when they cannot."""
    with TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        file.write(bytes(4096))
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        if is_sqlite:
            cursor.execute(f"PRAGMA busy_timeout = {LOCKED_AFTER_MS}")
        try:
            Lease.objects.filter(name=LEASE).update(holder=F("holder"))
        finally:
            if is_sqlite:
                cursor.execute(f"PRAGMA busy_timeout = {connection.settings_dict['OPTIONS']['timeout'] * 1000}")
