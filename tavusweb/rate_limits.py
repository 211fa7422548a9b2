"""Rate limits counted in the shared cache, so that they hold across processes."""

import hashlib
import time
from dataclasses import dataclass
from enum import StrEnum, auto

from django.core.cache import cache

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60  # seconds


class Limit(StrEnum):
    CREATE_WORKSPACE = auto()
    INVITE = auto()
    JOIN = auto()
    UNLOCK = auto()
    UNLOCK_LINK = auto()
    UNLOCK_UNDER_ATTACK = auto()
    UNLOCK_KNOWN = auto()
    SIGN_IN = auto()
    SIGN_IN_ADDRESS = auto()
    SIGN_IN_ACCOUNT = auto()
    SIGN_IN_UNDER_ATTACK = auto()
    SIGN_IN_KNOWN = auto()
    CODE = auto()
    CODE_ACCOUNT = auto()
    PASSKEY = auto()
    PASSKEY_CHALLENGE = auto()
    TELL_OF_GUESSING = auto()
    MAIL_CODE = auto()
    MAIL_CODE_ADDRESS = auto()
    CONFIRM_CODE = auto()
    COMMENT = auto()
    COMMENT_LINK = auto()
    REPORT = auto()
    REPORT_ADDRESS = auto()
    REPORT_LINK = auto()
    RECORD_ACCESS_DENIED = auto()
    RECORD_SHARE_DENIED = auto()
    RECORD_SHARE_DENIED_LINK = auto()
    RECORD_PROVIDER_FAILED = auto()
    RECORD_PROVIDER_FAILED_ANYWHERE = auto()


# How often, in any so many seconds, and who is counted. An address is a /64 where it is IPv6: see `http.group_of`.
LIMITS = {
    Limit.CREATE_WORKSPACE: (20, DAY),  # per person
    Limit.INVITE: (30, HOUR),  # per person across all workspaces, because anyone can create those
    Limit.JOIN: (100, HOUR),  # per address: a whole office can share one
    Limit.UNLOCK: (10, 10 * MINUTE),  # per share link and address
    Limit.UNLOCK_LINK: (100, HOUR),  # wrong ones per share link, from which on it is under attack
    Limit.UNLOCK_UNDER_ATTACK: (2, 10 * MINUTE),  # per share link and address
    Limit.UNLOCK_KNOWN: (10, 10 * MINUTE),  # per share link and browser that has unlocked it before
    Limit.SIGN_IN: (5, 5 * MINUTE),  # failed ones per account and address
    Limit.SIGN_IN_ADDRESS: (10, MINUTE),  # failed ones per address
    Limit.SIGN_IN_ACCOUNT: (20, HOUR),  # failed ones per account, from which on it is under attack
    Limit.SIGN_IN_UNDER_ATTACK: (2, 5 * MINUTE),  # per account and address
    Limit.SIGN_IN_KNOWN: (10, 5 * MINUTE),  # per account and browser that has signed in to it before
    Limit.CODE: (5, 5 * MINUTE),  # wrong codes per account and browser or address
    Limit.CODE_ACCOUNT: (50, HOUR),  # wrong codes per account, by people who know its password
    Limit.PASSKEY: (10, 5 * MINUTE),  # per account and browser or address: a passkey cannot be guessed
    Limit.PASSKEY_CHALLENGE: (30, 10 * MINUTE),  # per address, for visitors without a session
    Limit.TELL_OF_GUESSING: (1, DAY),  # per account and per share link
    Limit.MAIL_CODE: (5, HOUR),  # per share link and visitor's address
    Limit.MAIL_CODE_ADDRESS: (5, HOUR),  # per mailbox
    Limit.CONFIRM_CODE: (5, 10 * MINUTE),  # per share link and mailbox: a code has a million values
    Limit.COMMENT: (20, HOUR),  # per share link and address
    Limit.COMMENT_LINK: (200, HOUR),  # per share link
    Limit.REPORT: (3, DAY),  # per share link and address
    Limit.REPORT_ADDRESS: (10, DAY),  # per address
    Limit.REPORT_LINK: (30, DAY),  # per share link
    # How often these are recorded, so that nobody can fill the audit log.
    Limit.RECORD_ACCESS_DENIED: (1, HOUR),  # per person and page
    Limit.RECORD_SHARE_DENIED: (1, HOUR),  # per share link and address
    Limit.RECORD_SHARE_DENIED_LINK: (20, HOUR),  # per share link
    Limit.RECORD_PROVIDER_FAILED: (10, HOUR),  # per address
    Limit.RECORD_PROVIDER_FAILED_ANYWHERE: (100, HOUR),
}


@dataclass(frozen=True)
class Slot:
    """One of the attempts that a limit grants; without a key none is left for this many seconds."""

    key: str = ""
    wait: int = 0

    def __bool__(self) -> bool:
        return bool(self.key)

    def give_back(self) -> None:
        if self.key:
            cache.delete(self.key)


def take(limit: Limit, who: object) -> Slot:
    """Count one more attempt of `who`.

    Each attempt takes its own slot with `add`, which only one process can win, because the database cache has no atomic
    increment. Slots expire one by one, so no window of that length exceeds the limit.
    """
    slots, seconds = _slots(limit, who), LIMITS[limit][1]
    until, taken = int(time.time()) + seconds, _taken(slots)
    for slot in slots:
        if slot not in taken and cache.add(slot, until, seconds):
            return Slot(slot)
    return Slot(wait=max(1, min(_taken(slots).values(), default=0) - int(time.time())))


def may_go_on(limit: Limit, who: object) -> bool:
    """Count one more attempt; False when `who` has reached the limit."""
    return bool(take(limit, who))


def is_full(limit: Limit, who: object) -> bool:
    """Return whether `who` has reached the limit. Counts nothing."""
    return len(_taken(_slots(limit, who))) == LIMITS[limit][0]


def clear(limit: Limit, who: object) -> None:
    cache.delete_many(_slots(limit, who))


def _taken(slots: list[str]) -> dict[str, int]:
    """Return when slots expire. One that has expired but still exists, because Redis' clock lags, is freed."""
    now, stored = time.time(), cache.get_many(slots)
    over = [slot for slot, until in stored.items() if not isinstance(until, int) or until <= now]
    if over:
        cache.delete_many(over)
    return {slot: until for slot, until in stored.items() if slot not in over}


def _slots(limit: Limit, who: object) -> list[str]:
    person = hashlib.sha256(str(who).encode(errors="replace")).hexdigest()[:16]
    return [f"limit:{limit}:{person}:{number}" for number in range(LIMITS[limit][0])]
