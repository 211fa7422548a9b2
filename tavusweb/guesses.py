"""Limit password attempts, so that guessing is slow and nobody can lock others out.

Attempts are counted by target and address. A target with many wrong attempts is under attack: each address then gets
fewer, but a fresh one still gets some, and a browser that signed in before is counted separately.
"""

import hashlib
from dataclasses import dataclass

from django.utils.translation import ngettext

from .rate_limits import MINUTE, Limit, Slot, clear, is_full, take

# Under attack, addresses are hashed into this many buckets per target, so that they cannot fill the table.
PARTS = 16_384


@dataclass(frozen=True)
class Guard:
    each: Limit  # per target and address
    known: Limit  # per target and known browser
    wrong: Limit  # per target; once reached, the target is under attack
    under_attack: Limit  # per target and address


UNLOCK = Guard(Limit.UNLOCK, Limit.UNLOCK_KNOWN, Limit.UNLOCK_LINK, Limit.UNLOCK_UNDER_ATTACK)
SIGN_IN = Guard(Limit.SIGN_IN, Limit.SIGN_IN_KNOWN, Limit.SIGN_IN_ACCOUNT, Limit.SIGN_IN_UNDER_ATTACK)


def begin(guard: Guard, target: object, *, group: str, browser: str = "") -> Slot:
    """Count an attempt before checking the password; a false slot says how long to wait.

    `browser` identifies a browser that signed in before.
    """
    if browser:
        return take(guard.known, f"{target} {browser}")
    if not is_full(guard.wrong, target):
        return take(guard.each, f"{target} {group}")
    part = int.from_bytes(hashlib.sha256(f"{target} {group}".encode(errors="replace")).digest()[:8]) % PARTS
    return take(guard.under_attack, f"{target} {part}")


def missed(guard: Guard, target: object) -> bool:
    """Count a wrong password from an unknown browser; return True if the owner has to be notified now."""
    counted = take(guard.wrong, target)
    is_under_attack = bool(counted) and is_full(guard.wrong, target)
    return is_under_attack and bool(take(Limit.TELL_OF_GUESSING, f"{guard.wrong} {target}"))


def forget(guard: Guard, target: object, *, group: str) -> None:
    """Reset the counts, as after a password reset."""
    clear(guard.wrong, target)
    clear(guard.each, f"{target} {group}")


def too_many(seconds: int) -> str:
    """Return the message with the wait: in seconds below two minutes, otherwise in minutes, rounded up."""
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
    """Return the message for sign-in, where only failed attempts count."""
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
