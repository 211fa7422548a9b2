from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tavusweb.accounts.forms import JoinForm
from tavusweb.accounts.models import User
from tavusweb.http import client_address
from tavusweb.limits import may_go_on

from .. import audit, mail
from ..access import Act, may_grant
from ..audit import Deed
from ..doors import WorkspaceRequest, in_workspace
from ..forms import InvitationForm
from ..models import Invitation
from . import links
from .members import MOVED_ON, members_page

HOUR = 60 * 60
TOO_MANY = "You have sent many invitations within the hour. Wait a while before you send another."


@in_workspace(Act.MANAGE_MEMBERS)
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
        audit.record(request, Deed.MEMBER_INVITED, target=found, after=terms)
    return _sent(request, found, token)


@in_workspace(Act.MANAGE_MEMBERS)
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
        if token := found.renew():
            audit.record(request, Deed.INVITATION_RENEWED, target=found, after={"until": found.expires_at})
    if not token:
        messages.info(request, MOVED_ON)
        return redirect("members", request.workspace.slug)
    return _sent(request, found, token)


@in_workspace(Act.MANAGE_MEMBERS)
@require_POST
def revoke_invitation(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(request.workspace.invitations, pk=pk)
    with transaction.atomic():
        if revoked := found.revoke():
            audit.record(request, Deed.INVITATION_REVOKED, target=found)
    if revoked:
        messages.success(request, f"The invitation for {found.email} no longer works.")
    return redirect("members", request.workspace.slug)


def _may_send(request: WorkspaceRequest) -> bool:
    return may_go_on("invite", f"{request.workspace.pk} {request.user.pk}", most=30, seconds=HOUR)


def _sent(request: WorkspaceRequest, found: Invitation, token: str) -> HttpResponse:
    """Mail the link, keep it for the page that comes next, and say what became of the mail."""
    links.put(request, found, token)
    if not mail.is_set_up():
        messages.info(request, "This server sends no mail. Send the link yourself, by whatever way you trust.")
    elif mail.send_invitation(found, links.link_of(token), by=request.user):
        messages.success(request, f"The invitation is on its way to {found.email}.")
    else:
        messages.warning(request, f"The mail to {found.email} could not be sent. The link works: send it yourself.")
    return redirect("members", request.workspace.slug)


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation. Only the button does: mail scanners open links."""
    if request.method == "POST" and not may_go_on("join", client_address(request), most=100, seconds=HOUR):
        return _private(render(request, "workspaces/invitation_limit.html", status=429))
    found = Invitation.objects.open(timezone.now()).by_token(token).select_related("workspace", "invited_by").first()
    if found is None:
        return _ended(request, token)
    person = request.user if request.user.is_authenticated else None
    is_for_another = person is not None and not found.is_for(person)
    has_account = person is not None or User.objects.filter(email__iexact=found.email).exists()
    form = None if has_account else JoinForm(request.POST or None, email=found.email)
    may_join = form.is_valid() if form else person is not None and not is_for_another
    if request.method == "POST" and may_join:
        if not _accept(request, found, form):
            return _ended(request, token)
        messages.success(request, f"Welcome to {found.workspace.name}.")
        return redirect(found.workspace)
    context = {
        "invitation": found,
        "form": form,
        "needs_sign_in": has_account and person is None,
        "is_for_another": is_for_another,
    }
    status = 422 if form and form.errors else 403 if is_for_another and request.method == "POST" else 200
    return _private(render(request, "workspaces/invitation.html", context, status=status))


def _accept(request: HttpRequest, found: Invitation, form: JoinForm | None) -> bool:
    """Make the person a member, with a new account if need be; False when the invitation was taken meanwhile."""
    try:
        with transaction.atomic():
            user = form.save() if form else cast(User, request.user)
            if not found.accept(user):
                transaction.set_rollback(True)
                return False
            if form:
                audit.record(request, Deed.ACCOUNT_MADE, target=user, by=user)
            role = {"role": found.role}
            audit.record(request, Deed.MEMBER_JOINED, workspace=found.workspace, target=found, by=user, after=role)
    except IntegrityError:  # a second click: the first has just made this account
        return False
    if form:
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return True


def _ended(request: HttpRequest, token: str) -> HttpResponse:
    """Who is in by now only follows an old link, or clicked twice; for others it no longer works."""
    used = Invitation.objects.by_token(token).select_related("workspace").first()
    if used and used.workspace.memberships.filter(user_id=request.user.pk or 0).exists():
        return _private(redirect(used.workspace))
    return _private(render(request, "workspaces/invitation_gone.html", status=404))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
