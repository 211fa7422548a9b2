"""Decide what a share link lets a visitor do. Pure: all inputs are arguments."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from tavusweb.videos.models.status import PENDING, Status


class EmailRule(models.TextChoices):
    NO = "no", _("No")
    ANY = "any", _("Any address")
    CONFIRMED = "confirmed", _("Confirmed by a code")


class CommentRule(models.TextChoices):
    OFF = "off", _("Off")
    NAMED = "named", _("Named")
    ANONYMOUS = "anonymous", _("Anonymous")


class Shows(StrEnum):
    """What the page shows."""

    REVOKED = "revoked"
    CLOSED = "closed"
    EXPIRED = "expired"
    USED_UP = "used_up"
    UNAVAILABLE = "unavailable"  # in the trash, from which it may come back
    GATE = "gate"
    DELETED = "deleted"
    NOT_READY = "not_ready"
    FAILED = "failed"
    BEING_REPLACED = "being_replaced"
    VIDEO = "video"


class Step(StrEnum):
    """What the page requires before it shows anything; each is one form."""

    EMAIL = "email"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - the name of a step
    WATCH = "watch"


class Right(StrEnum):
    """What a visitor can do on a page that shows its video."""

    VIEW = "view"
    COMMENT = "comment"
    APPROVE = "approve"
    DOWNLOAD = "download"
    VOTE = "vote"


GONE = frozenset({Shows.REVOKED, Shows.CLOSED, Shows.EXPIRED, Shows.USED_UP, Shows.UNAVAILABLE, Shows.DELETED})


@dataclass(frozen=True, slots=True)
class Rules:
    """The requirements and permissions of a share link. `allowed` and `denied` are addresses and @domains in lower case."""

    is_revoked: bool = False
    is_closed: bool = False
    expires_at: datetime | None = None
    view_limit: int | None = None
    views_used: int = 0
    has_password: bool = False
    email: EmailRule = EmailRule.NO
    allowed: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    comments: CommentRule = CommentRule.OFF
    approval: bool = False
    download: bool = False
    vote: bool = False

    @property
    def asks_email(self) -> bool:
        return self.email != EmailRule.NO


@dataclass(frozen=True, slots=True)
class State:
    """The state of the link's video. `has_stand_in`: an earlier take that was approved can be shown instead of a lost one."""

    status: str
    is_being_deleted: bool = False
    is_lost: bool = False
    has_stand_in: bool = False
    is_trashed: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """What this browser has proven within the last hours. `is_admitted` has used up a view of a limited link."""

    email: str = ""
    is_email_confirmed: bool = False
    has_password: bool = False
    is_admitted: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the page shows, what it asks for first, and what the visitor can do there."""

    shows: Shows
    step: Step | None = None
    rights: frozenset[Right] = field(default_factory=frozenset)
    is_stand_in: bool = False

    @property
    def is_gone(self) -> bool:
        return self.shows in GONE

    @property
    def http_status(self) -> int:
        """410 makes caches forget a page that is gone."""
        return 410 if self.is_gone else 200

    def allows(self, right: Right) -> bool:
        return right in self.rights


def decide(rules: Rules, state: State, visitor: Visitor, at: datetime) -> Decision:
    """Decide what a visitor sees: the end of the link comes first, then what it asks for, then the video."""
    if end := _end(rules, visitor, at):
        return Decision(end)
    if state.is_trashed:  # the link is off: nobody is asked for anything
        return Decision(Shows.UNAVAILABLE)
    shows, step = _of_video(state), _step(rules, visitor)
    if step and not (step == Step.WATCH and shows != Shows.VIDEO):  # nobody uses up a view of what is not there yet
        return Decision(Shows.GATE, step)
    if shows != Shows.VIDEO:
        return Decision(shows)
    # An earlier take that stands in is approved already, and is not what is asked about.
    rights = _rights(rules) - {Right.APPROVE, Right.VOTE} if state.is_lost else _rights(rules)
    return Decision(shows, rights=rights, is_stand_in=state.is_lost)


def may_watch(rules: Rules, email: str) -> bool:
    """Whether an address is let in by the lists of a link. The most specific entry decides; then denial wins."""
    email = email.strip().lower()
    domain = f"@{email.rpartition('@')[2]}"
    if email in rules.denied:
        return False
    if email in rules.allowed:
        return True
    if domain in rules.denied:
        return False
    return not rules.allowed or domain in rules.allowed


def _end(rules: Rules, visitor: Visitor, at: datetime) -> Shows | None:
    if rules.is_revoked:
        return Shows.REVOKED
    if rules.is_closed:
        return Shows.CLOSED
    if rules.expires_at is not None and rules.expires_at <= at:
        return Shows.EXPIRED
    is_used_up = rules.view_limit is not None and rules.views_used >= rules.view_limit
    return Shows.USED_UP if is_used_up and not visitor.is_admitted else None


def _step(rules: Rules, visitor: Visitor) -> Step | None:
    """Return the next requirement. A view limit comes last, because passing it consumes a view."""
    if rules.asks_email:
        if not visitor.email or not (may_watch(rules, visitor.email) or rules.email == EmailRule.CONFIRMED):
            return Step.EMAIL
        if rules.email == EmailRule.CONFIRMED and not (visitor.is_email_confirmed and may_watch(rules, visitor.email)):
            return Step.CODE
    if rules.has_password and not visitor.has_password:
        return Step.PASSWORD
    return Step.WATCH if rules.view_limit is not None and not visitor.is_admitted else None


def _rights(rules: Rules) -> frozenset[Right]:
    granted = {
        Right.VIEW: True,
        Right.COMMENT: rules.comments != CommentRule.OFF,
        Right.APPROVE: rules.approval,
        Right.DOWNLOAD: rules.download,
        Right.VOTE: rules.vote,
    }
    return frozenset(right for right, is_granted in granted.items() if is_granted)


def _of_video(state: State) -> Shows:
    if state.is_being_deleted:
        return Shows.DELETED
    if state.is_lost:
        return Shows.VIDEO if state.has_stand_in else Shows.BEING_REPLACED
    if state.status == Status.DELETED:
        return Shows.DELETED
    if state.status == Status.READY:
        return Shows.VIDEO
    if state.status in PENDING or state.status == Status.DRAFT:
        return Shows.NOT_READY
    return Shows.FAILED
