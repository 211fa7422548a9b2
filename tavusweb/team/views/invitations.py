from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.rate_limits import may_go_on
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.models import Invitation, mailed
from tavusweb.workspaces.permissions import Permission, may_grant

from .. import invitation_links, mail
from ..forms import InvitationForm
from ..pages import MOVED_ON, members_page

HOUR = 60 * 60
TOO_MANY = "You have sent many invitations within the hour. Wait a while before you send another."


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def invite(request: WorkspaceRequest) -> HttpResponse:
    form = InvitationForm(request.POST, workspace=request.workspace, by=request.membership)
    if form.is_valid() and not _may_send(request):
        form.add_error(None, TOO_MANY)
    if not form.is_valid():
        return members_page(request, form, status=422)
    with transaction.atomic():
        found, token = Invitation.issue(request.workspace, **form.cleaned_data, by=request.user)
        terms = {"email": found.email, "role": found.role, "works_for_days": found.lasts_days}
        record(Actor.of(request), AuditAction.MEMBER_INVITED, target=found, after=terms)
    return _sent(request, found, token)


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def renew_invitation(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Send it again, with a new link and a new term; the old link is dead."""
    found = get_object_or_404(request.workspace.invitations.select_related("invited_by"), pk=pk)
    if not may_grant(request.membership.role, found.role):
        raise PermissionDenied
    if not _may_send(request):
        messages.error(request, TOO_MANY)
        return redirect("members", request.workspace.slug)
    with transaction.atomic():
        if token := found.renew(by=request.user):
            record(Actor.of(request), AuditAction.INVITATION_RENEWED, target=found, after={"until": found.expires_at})
    if not token:
        messages.info(request, MOVED_ON)
        return redirect("members", request.workspace.slug)
    return _sent(request, found, token)


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def revoke_invitation(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(request.workspace.invitations, pk=pk)
    if not may_grant(request.membership.role, found.role):
        raise PermissionDenied
    with transaction.atomic():
        if revoked := found.revoke():
            record(Actor.of(request), AuditAction.INVITATION_REVOKED, target=found)
    if revoked:
        messages.success(request, f"The invitation for {found.email} no longer works.")
    else:
        messages.info(request, MOVED_ON)
    return redirect("members", request.workspace.slug)


def _may_send(request: WorkspaceRequest) -> bool:
    return may_go_on("invite", request.user.pk, most=30, seconds=HOUR)  # whatever the workspace: they cost nothing


def _sent(request: WorkspaceRequest, found: Invitation, token: str) -> HttpResponse:
    """Mail the link, keep it for the page that comes next, and say what became of the mail."""
    invitation_links.put(request, found, token)
    if not mail.is_set_up():
        messages.info(request, "This server sends no mail. Send the link yourself, by whatever way you trust.")
    elif mail.send_invitation(found, invitation_links.link_of(mailed(token)), by=request.user):
        messages.success(request, f"The invitation is on its way to {found.email}.")
    else:
        messages.warning(request, f"The mail to {found.email} could not be sent. The link works: send it yourself.")
    return redirect("members", request.workspace.slug)
