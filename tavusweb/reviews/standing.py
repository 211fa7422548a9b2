"""Whether a video is approved: what its reviewers said last, about exactly this script, these options and this take. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .models.verdict import VerdictKind


class Standing(StrEnum):
    NONE = "none"
    APPROVED = "approved"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Voice:
    """One verdict, as far as it counts."""

    identity: str
    kind: str
    fingerprint: str
    at: datetime
    is_withdrawn: bool = False


def standing(voices: Iterable[Voice], fingerprint: str, *, required: int = 1) -> Standing:
    """What holds for the take of this fingerprint: one request for changes outweighs any number of approvals."""
    last: dict[str, Voice] = {}
    for voice in sorted(voices, key=lambda each: each.at):
        if voice.fingerprint == fingerprint:
            last[voice.identity] = voice
    kinds = [voice.kind for voice in last.values() if not voice.is_withdrawn]
    if VerdictKind.CHANGES in kinds:
        return Standing.CHANGES
    return Standing.APPROVED if kinds.count(VerdictKind.APPROVED) >= max(required, 1) else Standing.NONE
