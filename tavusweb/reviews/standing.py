"""Approval state of a video, from each reviewer's latest verdict on this exact script, options and take. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .models.verdict import VerdictKind
from .wanted import ANYBODY, Wanted


class Standing(StrEnum):
    NONE = "none"
    APPROVED = "approved"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Voice:
    """The relevant parts of one verdict. `proven` holds verified identities, not just an entered name."""

    identity: str
    kind: str
    fingerprint: str
    at: datetime
    is_withdrawn: bool = False
    proven: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tally:
    """The approval state and count. `missing` lists the reviewers who have not approved yet."""

    standing: Standing
    approved: int
    needed: int
    missing: tuple[frozenset[str], ...] = ()


def tally(voices: Iterable[Voice], fingerprint: str, wanted: Wanted = ANYBODY) -> Tally:
    """Compute the state for this fingerprint. One change request outweighs any number of approvals."""
    last: dict[str, Voice] = {}
    for voice in sorted(voices, key=lambda each: each.at):
        if voice.fingerprint == fingerprint:
            last[voice.identity] = voice
    heard = [voice for voice in last.values() if not voice.is_withdrawn]
    approvals = [voice for voice in heard if voice.kind == VerdictKind.APPROVED]
    missing: tuple[frozenset[str], ...] = ()
    needed, approved = max(wanted.needed, 1), len(approvals)
    if wanted.reviewers:
        proven = frozenset().union(*(voice.proven for voice in approvals))
        missing = tuple(reviewer for reviewer in wanted.reviewers if not reviewer & proven)
        needed, approved = min(needed, len(wanted.reviewers)), len(wanted.reviewers) - len(missing)
    if any(voice.kind == VerdictKind.CHANGES for voice in heard):
        return Tally(Standing.CHANGES, approved, needed, missing)
    return Tally(Standing.APPROVED if approved >= needed else Standing.NONE, approved, needed, missing)


def standing(voices: Iterable[Voice], fingerprint: str, *, required: int = 1) -> Standing:
    return tally(voices, fingerprint, Wanted(required)).standing
