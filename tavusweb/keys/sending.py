"""Whether videos may be submitted with a key. Pure; `active` and `ready` are the same rule as filters for the database.

The engine asks before it picks a video, again in the statement that claims it, and wakes only for keys that may send.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q


class Block(StrEnum):
    """What keeps a key from sending."""

    DELETED = "deleted"
    REPLACED = "replaced"  # an old secret, kept for the videos that were submitted with it
    FROZEN = "frozen"
    RESTING = "resting"  # after trouble, until a moment


@dataclass(frozen=True, slots=True)
class KeyState:
    is_deleted: bool = False
    is_replaced: bool = False
    is_frozen: bool = False
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    block: Block | None = None
    until: datetime | None = None  # when the block ends by itself; None when a person has to end it

    @property
    def may_send(self) -> bool:
        return self.block is None


def may_send(key: KeyState, at: datetime) -> Decision:
    """Decide whether a key may send now. What needs a person comes before what passes."""
    if key.is_deleted:
        return Decision(Block.DELETED)
    if key.is_replaced:
        return Decision(Block.REPLACED)
    if key.is_frozen:
        return Decision(Block.FROZEN)
    if key.rests_until is not None and key.rests_until > at:
        return Decision(Block.RESTING, key.rests_until)
    return Decision()


def active(prefix: str = "") -> Q:
    """Filter for keys that nothing blocks but a rest; `prefix` is the path to the key, such as "api_key__"."""
    blocks = ("retired_at", "successor", "frozen_at")
    return Q(**{f"{prefix}{name}__isnull": True for name in blocks})


def ready(at: datetime, prefix: str = "") -> Q:
    """Filter for keys that may send now."""
    wait = f"{prefix}submissions_wait_until"
    return active(prefix) & (Q(**{f"{wait}__isnull": True}) | Q(**{f"{wait}__lte": at}))
