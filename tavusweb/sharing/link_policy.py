"""What a workspace requires of all its share links. Pure: all inputs are arguments."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .visitor_policy import CommentRule, EmailRule, Rules

A_DAY = timedelta(days=1)
COMMENT_RULES = (CommentRule.OFF, CommentRule.NAMED, CommentRule.ANONYMOUS)  # the strictest first


class Part(StrEnum):
    """The parts of a policy; each names the form field that its message belongs to."""

    EXPIRY = "expires"
    GATE = "password"
    DOWNLOAD = "allow_download"
    COMMENTS = "comments"


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """The minimum that every link must meet. `comments` is the most that a link can allow."""

    max_days: int | None = None
    needs_gate: bool = False
    allows_download: bool = True
    comments: CommentRule = CommentRule.ANONYMOUS

    @property
    def is_set(self) -> bool:
        return self != LinkPolicy()

    @property
    def allowed_comments(self) -> tuple[CommentRule, ...]:
        return COMMENT_RULES[: COMMENT_RULES.index(self.comments) + 1]

    def latest_expiry(self, at: datetime) -> datetime | None:
        """Return the expiry given to links that have none, or a later one."""
        return at + timedelta(days=self.max_days) if self.max_days else None

    def last_moment(self, at: datetime) -> datetime | None:
        """Return the latest accepted expiry: a date counts to its end, so up to a day later."""
        return at + timedelta(days=self.max_days) + A_DAY if self.max_days else None

    def problems(self, rules: Rules, at: datetime) -> dict[Part, str]:
        """Return one sentence per violation of the policy; none if the rules comply."""
        found = {}
        last = self.last_moment(at)
        if last and (rules.expires_at is None or rules.expires_at > last):
            words = ngettext(
                "This workspace’s links expire within %(days)d day.",
                "This workspace’s links expire within %(days)d days.",
                self.max_days or 0,
            )
            found[Part.EXPIRY] = words % {"days": self.max_days}
        if self.needs_gate and not (rules.has_password or rules.email == EmailRule.CONFIRMED):
            found[Part.GATE] = _("This workspace’s links need a password or an email confirmed by a code.")
        if rules.download and not self.allows_download:
            found[Part.DOWNLOAD] = _("This workspace doesn’t allow downloads.")
        if rules.comments not in self.allowed_comments:
            if self.comments == CommentRule.OFF:
                found[Part.COMMENTS] = _("This workspace doesn’t allow comments.")
            else:
                found[Part.COMMENTS] = _("This workspace doesn’t allow anonymous comments.")
        return found

    def apply(self, rules: Rules, at: datetime, *, sends_mail: bool) -> Rules:
        """Change the rules as little as the policy requires.

        Without mail no code can be sent, so an open link is revoked.
        """
        broken = self.problems(rules, at)
        changes: dict[str, object] = {}
        if Part.EXPIRY in broken:
            changes["expires_at"] = self.latest_expiry(at)
        if Part.GATE in broken:
            changes |= {"email": EmailRule.CONFIRMED} if sends_mail else {"is_revoked": True}
        if Part.DOWNLOAD in broken:
            changes["download"] = False
        if Part.COMMENTS in broken:
            changes["comments"] = self.comments
        return replace(rules, **changes)  # type: ignore[arg-type]
