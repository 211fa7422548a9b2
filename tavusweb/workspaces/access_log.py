"""Who came into a workspace, from where, and how they had signed in; and which members were refused what."""

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
from tavusweb.rate_limits import may_go_on

from .models import Membership, Workspace

HOUR = 60 * 60
CAME_IN = "came_in"  # of the session: the workspaces whose trail says so

log = logging.getLogger(__name__)


def note(request: HttpRequest, workspace: Workspace) -> None:
    """Write down that the person of this request came in: once for each session and workspace.

    The session remembers only what was written, so nobody comes in without an event while events can be written. When
    the database takes none, it is logged and the page is shown: to look is no act that could be undone, and every page
    after it tries again. Of two first requests at once the second waits for the chain's head and then finds the event.
    """
    known = request.session.get(CAME_IN, [])
    if workspace.pk in known:
        return
    visit = Target("", "sessions.session", _mark(request))
    try:
        with transaction.atomic():
            if not _is_noted(request, workspace, visit):
                by = {"by": ", ".join(ways_in(request)) or "a new account"}
                record(Actor.of(request), AuditAction.ENTERED, workspace=workspace, target=visit, after=by)
    except DatabaseError as error:
        log.error("Nobody could write down who came into %s: %s", workspace.slug, error)
        return
    request.session[CAME_IN] = [*known, workspace.pk]


def note_refused(request: HttpRequest, membership: Membership) -> None:
    """Write down what a member asked for that the role does not allow: once an hour for each person and page.

    Refused they are in any case, also when the database takes no event.
    """
    route = request.resolver_match.url_name or "" if request.resolver_match else ""
    who = f"{membership.workspace_id} {membership.user_id} {route}"
    try:
        with transaction.atomic():
            if may_go_on("refused", who, most=1, seconds=HOUR):
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
        log.error("Nobody could write down who was refused %s: %s", route, error)


def _mark(request: HttpRequest) -> str:
    """Tells sessions apart, and leads back to none."""
    return salted_hmac("tavusweb.visit", request.session.session_key or "", algorithm="sha256").hexdigest()[:16]


def _is_noted(request: HttpRequest, workspace: Workspace, visit: Target) -> bool:
    """Whether this session's coming in was written down. Until the transaction ends nobody else writes it either."""
    began = datetime.fromtimestamp(request.session.get(SIGNED_IN_AT, 0.0), UTC)
    since = AuditEvent.objects.filter(chain=hold(workspace), at__gte=began, actor_pk=request.user.pk)
    return since.filter(action=AuditAction.ENTERED, target_type=visit.type, target_pk=visit.pk).exists()
