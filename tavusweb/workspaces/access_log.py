"""Audit events for entering a workspace and for access that a role denies."""

import logging
from datetime import UTC, datetime

from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from tavusweb.accounts.sessions import SIGNED_IN_AT, ways_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.audit.record import Target, hold, record
from tavusweb.rate_limits import Limit, may_go_on

from .models import Membership, Workspace

ENTERED = "came_in"  # session key: the workspaces whose audit log has this session's entry

log = logging.getLogger(__name__)


def note(request: HttpRequest, workspace: Workspace) -> None:
    """Record that a member entered: once per session and workspace.

    The session keeps only what was written. When the database refuses the event, the error is logged and the page is
    shown, and every later page tries again. Of two first requests at once, the second waits for the chain's head and
    then finds the event.
    """
    recorded = request.session.get(ENTERED, [])
    if workspace.pk in recorded:
        return
    visit = Target("", "sessions.session", _mark(request))
    try:
        with transaction.atomic():
            if not _is_noted(request, workspace, visit):
                by = {"by": ways_in(request) or ["new_account"]}
                record(Actor.of(request), AuditAction.ENTERED, workspace=workspace, target=visit, after=by)
    except DatabaseError as error:
        log.error("The entry into %s could not be recorded: %s", workspace.slug, error)
        return
    request.session[ENTERED] = [*recorded, workspace.pk]


def note_denied(request: HttpRequest, membership: Membership) -> None:
    """Record that a role denied a page: once an hour per person and page.

    Access is denied in any case, also when the database refuses the event.
    """
    route = request.resolver_match.url_name or "" if request.resolver_match else ""
    who = f"{membership.workspace_id} {membership.user_id} {route}"
    try:
        with transaction.atomic():
            if may_go_on(Limit.RECORD_ACCESS_DENIED, who):
                page = Target(route.replace("_", " ").capitalize(), "route", route)
                role = {"role": membership.role}
                record(
                    Actor.of(request),
                    AuditAction.ACCESS_DENIED,
                    workspace=membership.workspace,
                    target=page,
                    after=role,
                )
    except DatabaseError as error:
        log.error("The denied access to %s could not be recorded: %s", route, error)


def _mark(request: HttpRequest) -> str:
    """A fingerprint of the session that reveals nothing of its key."""
    return salted_hmac("tavusweb.visit", request.session.session_key or "", algorithm="sha256").hexdigest()[:16]


def _is_noted(request: HttpRequest, workspace: Workspace, visit: Target) -> bool:
    """Whether this session's entry is recorded. The chain stays locked until the transaction ends."""
    began = datetime.fromtimestamp(request.session.get(SIGNED_IN_AT, 0.0), UTC)
    since = AuditEvent.objects.filter(chain=hold(workspace), at__gte=began, actor_pk=request.user.pk)
    return since.filter(action=AuditAction.ENTERED, target_type=visit.type, target_pk=visit.pk).exists()
