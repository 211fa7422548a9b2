"""Whether the instance works: the database answers, and a worker has shown itself lately."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import Error as DatabaseError
from django.utils import timezone

from tavusweb.engine.models import Lease
from tavusweb.engine.sweep import LEASE

STALE_AFTER = timedelta(seconds=30)  # a sweep renews its lease every second and hands over within a few


@dataclass(frozen=True)
class Readiness:
    database: str  # "ok" or "down"
    worker: str  # "fresh", "stale", "never" or "unknown"
    reasons: list[str]

    @property
    def is_ready(self) -> bool:
        return not self.reasons


def readiness() -> Readiness:
    try:
        seen = Lease.last_renewal(LEASE)
    except DatabaseError as error:
        return Readiness("down", "unknown", [f"The database does not answer ({type(error).__name__})."])
    if seen is None:
        return Readiness("ok", "never", ["No worker has run yet."])
    silence = timezone.now() - seen
    if silence > STALE_AFTER:
        return Readiness("ok", "stale", [f"The worker was last seen {round(silence.total_seconds())} seconds ago."])
    return Readiness("ok", "fresh", [])
