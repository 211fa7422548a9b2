"""Visitors' reports, and staff actions on share links: close one, or freeze a workspace's."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_q.tasks import async_task

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.notify import actions as notify
from tavusweb.notify.kinds import Kind
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role

from ..models import LinkFreeze, Report, ShareLink
from ..report_reasons import ReportReason

MAIL_OPERATORS = "tavusweb.sharing.report_notices.mail_operators"


class LinkClosed(Exception):
    """Staff have closed the link, or all links of its workspace."""


def confirm_not_frozen(workspace: Workspace) -> None:
    """Raise LinkClosed when staff have turned off the workspace's links. The caller's transaction holds the workspace."""
    if LinkFreeze.objects.filter(workspace=workspace).exists():
        raise LinkClosed


@transaction.atomic
def report(link: ShareLink, reason: ReportReason, *, details: str = "", email: str = "") -> Report:
    """Store a visitor's report. The workspace is not notified; staff decide what it is told."""
    row = Report.objects.create(link=link, reason=reason, details=details, email=email)
    transaction.on_commit(partial(async_task, MAIL_OPERATORS, row.pk, save=False), robust=True)
    return row


@transaction.atomic
def close_link(actor: Actor, link: ShareLink, reason: str) -> bool:
    """Turn a link off so that no member can restore it; False when it is closed already. Raises PermissionDenied.

    Its reports count as handled. The workspace's owners and the link's owner are told, with the reason.
    """
    workspace = _hold(actor, link.video.workspace)
    now = timezone.now()
    is_new = ShareLink.objects.filter(pk=link.pk, closed_at=None).update(closed_at=now, closed_reason=reason)
    if is_new:
        _handle(actor, link)
        after = {"reason": reason}
        record(actor, AuditAction.SHARE_CLOSED, workspace=workspace, target=link, after=after)
        notify.tell(
            [*_owners(workspace), link.created_by_id],
            Kind.LINK_CLOSED,
            workspace=workspace,
            subject_key=f"link:{link.pk}:closed:{now:%Y-%m-%dT%H:%M:%S}",
            about=f"link:{link.pk}",
            url=reverse("shared_links", args=[workspace.slug]),
            data={"title": link.video.display_title, "link": link.name, "reason": reason},
        )
    return bool(is_new)


@transaction.atomic
def reopen_link(actor: Actor, link: ShareLink) -> bool:
    """Let a closed link open again, as far as its own rules go; False when it was not closed by itself."""
    workspace = _hold(actor, link.video.workspace)
    closed = ShareLink.objects.filter(pk=link.pk, closed_with_all=False).exclude(closed_at=None)
    if is_open := bool(closed.update(closed_at=None, closed_reason="")):
        record(actor, AuditAction.SHARE_REOPENED, workspace=workspace, target=link)
    return is_open


@transaction.atomic
def freeze_links(actor: Actor, workspace: Workspace, reason: str) -> int:
    """Turn off all links of a workspace; return how many were on. Blocks creating and restoring links until undone."""
    _hold(actor, workspace)
    _freeze, is_new = LinkFreeze.objects.get_or_create(
        workspace=workspace, defaults={"reason": reason, "frozen_by": actor.user}
    )
    now = timezone.now()
    links = ShareLink.objects.filter(video__workspace=workspace)
    live = links.current().count()
    links.filter(closed_at=None).update(closed_at=now, closed_reason=reason, closed_with_all=True)
    if is_new:
        after = {"reason": reason, "links": live}
        record(actor, AuditAction.SHARES_FROZEN, workspace=workspace, target=workspace, after=after)
        notify.tell(
            _owners(workspace),
            Kind.LINKS_FROZEN,
            workspace=workspace,
            subject_key=f"links:{workspace.pk}:{now:%Y-%m-%dT%H:%M:%S}",
            url=reverse("shared_links", args=[workspace.slug]),
            data={"reason": reason},
        )
    return live


@transaction.atomic
def unfreeze_links(actor: Actor, workspace: Workspace) -> int:
    """Undo a freeze; individually closed links stay closed. Return how many are no longer closed."""
    _hold(actor, workspace)
    count = 0
    if LinkFreeze.objects.filter(workspace=workspace).delete()[0]:
        closed = ShareLink.objects.filter(video__workspace=workspace, closed_with_all=True)
        count = closed.update(closed_at=None, closed_reason="", closed_with_all=False)
        record(actor, AuditAction.SHARES_UNFROZEN, workspace=workspace, target=workspace, after={"links": count})
    return count


@transaction.atomic
def dismiss_reports(actor: Actor, link: ShareLink) -> int:
    """Mark the open reports of a link as handled, without closing it; return how many."""
    workspace = _hold(actor, link.video.workspace)
    if count := _handle(actor, link):
        record(actor, AuditAction.REPORTS_DISMISSED, workspace=workspace, target=link, after={"reports": count})
    return count


def _hold(actor: Actor, workspace: Workspace) -> Workspace:
    """Lock the workspace first, as in everything that makes, changes or restores its links."""
    if not actor.is_operator:
        raise PermissionDenied
    return Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def _handle(actor: Actor, link: ShareLink) -> int:
    rows = Report.objects.filter(link=link, handled_at=None)
    return rows.update(handled_at=timezone.now(), handled_by=actor.user)


def _owners(workspace: Workspace) -> list[int]:
    return list(workspace.memberships.filter(role=Role.OWNER).values_list("user_id", flat=True))
