"""Readiness of the instance: the database answers, and a worker renewed its lease recently."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import Error as DatabaseError
from django.utils import timezone

from tavusweb.engine.models import Lease
from tavusweb.engine.sweep import LEASE

STALE_AFTER = timedelta(seconds=30)  # a sweep renews its lease every second and hands over within a few


@dataclass(frozen=True)
class Readiness:
    """`reasons` are read by monitoring and the launcher: English only."""

    database: str  # "ok" or "down"
    worker: str  # "fresh", "stale", "never" or "unknown"
    reasons: list[str]

    @property
    def is_ready(self) -> bool:
        return not self.reasons


def readiness() -> Readiness:
    try:
        renewed_at = Lease.last_renewal(LEASE)
    except DatabaseError as error:
        reason = f"The database does not answer ({type(error).__name__})."  # not translated: for monitoring
        return Readiness("down", "unknown", [reason])
    if renewed_at is None:
        return Readiness("ok", "never", ["No worker has run yet."])  # not translated: for monitoring
    silence = timezone.now() - renewed_at
    if silence > STALE_AFTER:
        seconds = round(silence.total_seconds())
        reason = f"The worker was last seen {seconds} seconds ago."  # not translated: for monitoring
        return Readiness("ok", "stale", [reason])
    return Readiness("ok", "fresh", [])
