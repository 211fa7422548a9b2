"""Rate limits, counted in the shared cache, so that they hold across processes."""

import hashlib
import time
from enum import StrEnum, auto

from django.core.cache import cache

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60  # seconds


class Limit(StrEnum):
    CREATE_WORKSPACE = auto()
    INVITE = auto()
    JOIN = auto()
    UNLOCK = auto()
    UNLOCK_LINK = auto()
    RECORD_ACCESS_DENIED = auto()
    RECORD_SHARE_DENIED = auto()
    RECORD_SHARE_DENIED_LINK = auto()
    RECORD_PROVIDER_FAILED = auto()
    RECORD_PROVIDER_FAILED_ANYWHERE = auto()


# Number, seconds, and who is counted. allauth has its own limits for sign-in.
LIMITS = {
    Limit.CREATE_WORKSPACE: (20, DAY),  # per person
    Limit.INVITE: (30, HOUR),  # per person across all workspaces, because anyone can create those
    Limit.JOIN: (100, HOUR),  # per address: a whole office can share one
    Limit.UNLOCK: (10, 10 * MINUTE),  # per share link and address
    Limit.UNLOCK_LINK: (100, HOUR),  # per share link: too few for many addresses to guess together
    # How often these are recorded, so that nobody can fill the audit log.
    Limit.RECORD_ACCESS_DENIED: (1, HOUR),  # per person and page
    Limit.RECORD_SHARE_DENIED: (1, HOUR),  # per share link and address
    Limit.RECORD_SHARE_DENIED_LINK: (20, HOUR),  # per share link
    Limit.RECORD_PROVIDER_FAILED: (10, HOUR),  # per address
    Limit.RECORD_PROVIDER_FAILED_ANYWHERE: (100, HOUR),
}


def may_go_on(limit: Limit, who: object) -> bool:
    """Count one more attempt; False when `who` has reached the limit in the current window.

    Each time takes a slot of its own with `add`, which only one process can win: the database cache has no atomic
    increment.
    """
    person = hashlib.sha256(str(who).encode(errors="replace")).hexdigest()[:16]
    times, seconds = LIMITS[limit]
    window = int(time.time() // seconds)
    slots = [f"limit:{limit}:{person}:{window}:{number}" for number in range(times)]
    taken = cache.get_many(slots)
    return any(cache.add(slot, 1, seconds) for slot in slots if slot not in taken)
