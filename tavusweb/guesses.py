"""How often a password may be tried, so that guessing is slow and nobody can lock others out by it.

Counted by target and address. A target with many wrong tries is under attack: each address then gets fewer, but a fresh
one still gets them, and a browser that has proven itself before is counted by itself.
"""

import hashlib
from dataclasses import dataclass

from django.utils.translation import ngettext

from .rate_limits import MINUTE, Limit, Slot, clear, is_full, take

# Under attack, addresses are counted in so many parts for each target: more could not fill the table.
PARTS = 16_384


@dataclass(frozen=True)
class Guard:
    each: Limit  # per target and address
    known: Limit  # per target and known browser
    wrong: Limit  # per target: from there on it is under attack
    under_attack: Limit  # per target and address


UNLOCK = Guard(Limit.UNLOCK, Limit.UNLOCK_KNOWN, Limit.UNLOCK_LINK, Limit.UNLOCK_UNDER_ATTACK)
SIGN_IN = Guard(Limit.SIGN_IN, Limit.SIGN_IN_KNOWN, Limit.SIGN_IN_ACCOUNT, Limit.SIGN_IN_UNDER_ATTACK)


def begin(guard: Guard, target: object, *, group: str, browser: str = "") -> Slot:
    """Count a try before the password is checked; a false slot says how long to wait. `browser` names a known one."""
    if browser:
        return take(guard.known, f"{target} {browser}")
    if not is_full(guard.wrong, target):
        return take(guard.each, f"{target} {group}")
    part = int.from_bytes(hashlib.sha256(f"{target} {group}".encode(errors="replace")).digest()[:8]) % PARTS
    return take(guard.under_attack, f"{target} {part}")


def missed(guard: Guard, target: object) -> bool:
    """Count a wrong password of a browser that is not known; True when its owner has to be told now."""
    counted = take(guard.wrong, target)
    is_under_attack = bool(counted) and is_full(guard.wrong, target)
    return is_under_attack and bool(take(Limit.TELL_OF_GUESSING, f"{guard.wrong} {target}"))


def forget(guard: Guard, target: object, *, group: str) -> None:
    """Start anew, as after a password reset."""
    clear(guard.wrong, target)
    clear(guard.each, f"{target} {group}")


def too_many(seconds: int) -> str:
    """Say how long to wait: in seconds below two minutes, else in minutes, rounded up."""
    if seconds < 2 * MINUTE:
        message = ngettext(
            "Too many attempts. Try again in %(count)d second.",
            "Too many attempts. Try again in %(count)d seconds.",
            seconds,
        )
        return message % {"count": seconds}
    minutes = -(-seconds // MINUTE)
    message = ngettext(
        "Too many attempts. Try again in %(count)d minute.",
        "Too many attempts. Try again in %(count)d minutes.",
        minutes,
    )
    return message % {"count": minutes}


def too_many_failed(seconds: int) -> str:
    """The same of signing in, where those that succeed do not count."""
    if seconds < 2 * MINUTE:
        message = ngettext(
            "Too many failed attempts. Try again in %(count)d second.",
            "Too many failed attempts. Try again in %(count)d seconds.",
            seconds,
        )
        return message % {"count": seconds}
    minutes = -(-seconds // MINUTE)
    message = ngettext(
        "Too many failed attempts. Try again in %(count)d minute.",
        "Too many failed attempts. Try again in %(count)d minutes.",
        minutes,
    )
    return message % {"count": minutes}
