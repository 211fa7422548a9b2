"""Bulk actions on share links."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import Target, record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..link_filter import LinkFilter
from ..models import ShareLink, policy_of
from ..policy_reach import breaks
from ..ranking import Ranking, is_live, links_of
from ..visitor_policy import EmailRule

MOST_CHOSEN = 1000  # ticked one by one


class Repair(models.TextChoices):
    EXPIRE_7 = "expire_7", _("Expire in 7 days")
    EXPIRE_30 = "expire_30", _("Expire in 30 days")
    EXPIRE_90 = "expire_90", _("Expire in 90 days")
    CONFIRM_EMAIL = "confirm_email", _("Require an email confirmed by a code")
    HAND_TO_ME = "hand_to_me", _("Make me the owner")
    REVOKE = "revoke", _("Revoke")


DAYS = {Repair.EXPIRE_7: 7, Repair.EXPIRE_30: 30, Repair.EXPIRE_90: 90}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The links that somebody chose: those that were ticked, or all that matched a filter when the page was made.

    `up_to` is the newest link of that moment: a link that was made since is not touched.
    """

    pks: tuple[int, ...] = ()
    matching: LinkFilter | None = None
    up_to: int = 0

    def of(self, workspace: Workspace, at: datetime) -> Any:
        if self.matching is None:
            return links_of(workspace).filter(pk__in=self.pks[:MOST_CHOSEN])
        return self.matching.apply(Ranking(workspace, at)).filter(pk__lte=self.up_to)


@dataclass(slots=True)
class Repaired:
    """Number of links changed, and when. Undo finds revoked links by that time."""

    count: int = 0
    at: datetime = field(default_factory=timezone.now)


@transaction.atomic
def repair(actor: Actor, workspace: Workspace, chosen: Chosen, what: Repair) -> Repaired:
    """Do the same to every chosen live link that lacks it. Raises PermissionDenied.

    Only live links change, and no rule becomes weaker: a link that ends sooner keeps its end.
    """
    confirm_permission(actor, workspace, Permission.SHARE)
    done = Repaired()
    # Named by id, which is read first: an update can't filter by what a ranking adds on every database.
    pks = chosen.of(workspace, done.at).filter(is_live(done.at)).values_list("pk", flat=True)
    done.count = sum(_updated(part, what, actor, workspace, done.at) for part in _in_parts(list(pks)))
    if done.count:
        target = Target(str(what.label), "sharing.sharelink")
        after = {"links": done.count, "repair": what.value}
        record(actor, AuditAction.SHARES_REPAIRED, workspace=workspace, target=target, after=after)
    return done


@transaction.atomic
def restore_revoked(actor: Actor, workspace: Workspace, at: datetime) -> int:
    """Undo a revocation of many links by the same person; return how many are on again. Raises PermissionDenied.

    Links that break the workspace's policy, or that staff have closed, stay off.
    """
    confirm_permission(actor, workspace, Permission.SHARE)
    revoked = links_of(workspace).filter(revoked_at=at, revoked_by=actor.user, closed_at=None)
    revoked = revoked.exclude(breaks(policy_of(workspace), timezone.now())).values_list("pk", flat=True)
    count = 0
    for part in _in_parts(list(revoked)):
        count += ShareLink.objects.filter(pk__in=part, revoked_at=at).update(revoked_at=None, revoked_by=None)
    if count:
        target, after = Target(str(_("Undo")), "sharing.sharelink"), {"links": count, "repair": "restore"}
        record(actor, AuditAction.SHARES_REPAIRED, workspace=workspace, target=target, after=after)
    return count


def _updated(pks: list[int], what: Repair, actor: Actor, workspace: Workspace, at: datetime) -> int:
    links = ShareLink.objects.filter(is_live(at), pk__in=pks)
    return _REPAIRS[what](links, actor.user, at, workspace, what)


def _expire(links: Any, user: User, at: datetime, workspace: Workspace, what: Repair) -> int:
    until = at + timedelta(days=DAYS[what])
    if latest := policy_of(workspace).latest_expiry(at):
        until = min(until, latest)
    return int(links.filter(Q(expires_at=None) | Q(expires_at__gt=until)).update(expires_at=until))


def _confirm_email(links: Any, user: User, at: datetime, workspace: Workspace, what: Repair) -> int:
    return int(links.exclude(email_rule=EmailRule.CONFIRMED).update(email_rule=EmailRule.CONFIRMED))


def _hand_to_me(links: Any, user: User, at: datetime, workspace: Workspace, what: Repair) -> int:
    return int(links.exclude(created_by=user).update(created_by=user))


def _revoke(links: Any, user: User, at: datetime, workspace: Workspace, what: Repair) -> int:
    return int(links.update(revoked_at=at, revoked_by=user))


_REPAIRS: dict[Repair, Callable[[Any, User, datetime, Workspace, Repair], int]] = {
    **dict.fromkeys(DAYS, _expire),
    Repair.CONFIRM_EMAIL: _confirm_email,
    Repair.HAND_TO_ME: _hand_to_me,
    Repair.REVOKE: _revoke,
}


def _in_parts(pks: list[int], size: int = 500) -> list[list[int]]:
    return [pks[start : start + size] for start in range(0, len(pks), size)]
