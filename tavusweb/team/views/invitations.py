from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.rate_limits import Limit, may_go_on
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.models import Invitation, mailed
from tavusweb.workspaces.permissions import Permission

from .. import actions, invitation_links, mail
from ..forms import InvitationForm
from ..pages import MOVED, members_page

TOO_MANY = gettext_lazy("You have sent many invitations in the last hour. Try again later.")


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def invite(request: WorkspaceRequest) -> HttpResponse:
    form = InvitationForm(request.POST, workspace=request.workspace, by=request.membership)
    if form.is_valid() and not _may_send(request):
        form.add_error(None, TOO_MANY)
    if not form.is_valid():
        return members_page(request, form, status=422)
    invitation, token = actions.invite(Actor.of(request), request.workspace, **form.cleaned_data)
    return _send(request, invitation, token)


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def renew_invitation(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Send an invitation again with a new link and a new term; the old link stops working."""
    invitation = get_object_or_404(request.workspace.invitations.select_related("invited_by"), pk=pk)
    if not _may_send(request):
        messages.error(request, TOO_MANY)
        return redirect("members", request.workspace.slug)
    try:
        token = actions.renew(Actor.of(request), invitation)
    except actions.Moved:
        messages.info(request, MOVED)
        return redirect("members", request.workspace.slug)
    return _send(request, invitation, token)


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def revoke_invitation(request: WorkspaceRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(request.workspace.invitations, pk=pk)
    try:
        actions.revoke(Actor.of(request), invitation)
    except actions.Moved:
        messages.info(request, MOVED)
    else:
        messages.success(request, _("Invitation for %(email)s revoked.") % {"email": invitation.email})
    return redirect("members", request.workspace.slug)


def _may_send(request: WorkspaceRequest) -> bool:
    # Per person, whatever the workspace: workspaces cost nothing.
    return may_go_on(Limit.INVITE, request.user.pk)


def _send(request: WorkspaceRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Mail the link, keep it for the next page, and say whether the mail was sent."""
    invitation_links.put(request, invitation, token)
    if not mail.is_set_up():
        messages.info(request, _("This server can’t send email. Share the link yourself."))
    elif mail.send_invitation(invitation, invitation_links.link_of(mailed(token)), by=request.user):
        messages.success(request, _("Invitation sent to %(email)s.") % {"email": invitation.email})
    else:
        message = _("The email to %(email)s could not be sent. The link works; share it yourself.")
        messages.warning(request, message % {"email": invitation.email})
    return redirect("members", request.workspace.slug)
