"""Decide what a share page shows. Pure: all inputs are arguments."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tavusweb.videos.models.status import PENDING, Status


class Shows(StrEnum):
    LOCKED = "locked"
    VIDEO = "video"
    NOT_READY = "not_ready"
    FAILED = "failed"
    DELETED = "deleted"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Rules:
    """The requirements of a share link."""

    is_revoked: bool = False
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The state of the link's video."""

    status: str
    is_being_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """What this browser has proven. `unlocked_until` is None before it has entered the password."""

    unlocked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    shows: Shows

    @property
    def is_gone(self) -> bool:
        return self.shows in {Shows.REVOKED, Shows.DELETED}

    @property
    def http_status(self) -> int:
        """410 makes caches forget a page that is gone."""
        return 410 if self.is_gone else 200


def decide(rules: Rules, state: State, visitor: Visitor, at: datetime) -> Decision:
    """Return what a visitor sees. Revocation comes first, then the password, then the video."""
    if rules.is_revoked:
        return Decision(Shows.REVOKED)
    if rules.has_password and (visitor.unlocked_until is None or visitor.unlocked_until <= at):
        return Decision(Shows.LOCKED)
    return Decision(_of_video(state))


def _of_video(state: State) -> Shows:
    if state.is_being_deleted or state.status == Status.DELETED:
        return Shows.DELETED
    if state.status == Status.READY:
        return Shows.VIDEO
    if state.status in PENDING or state.status == Status.DRAFT:
        return Shows.NOT_READY
    return Shows.FAILED
