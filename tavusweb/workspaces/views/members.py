from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.adapters import can_verify_addresses
from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.record import record

from ..decorators import WorkspaceRequest, in_workspace
from ..forms import DomainForm, InvitationForm, RoleForm
from ..models import Invitation, LastOwner, Membership
from ..permissions import Permission, Role, may_grant
from . import links

MOVED_ON = "That is no longer possible: it was changed meanwhile."


@in_workspace(Permission.WATCH)
@require_safe
def members(request: WorkspaceRequest) -> HttpResponse:
    return members_page(request)


def members_page(
    request: WorkspaceRequest,
    form: InvitationForm | None = None,
    domain_form: DomainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Everybody, and the ways in: invitations, domains; and once the link of an invitation that was just made."""
    context = {
        "form": form or InvitationForm(workspace=request.workspace, by=request.membership),
        "memberships": request.workspace.memberships.select_related("user").by_name(),
        "invitations": request.workspace.invitations.outstanding()
        .select_related("invited_by")
        .order_by("-created_at", "-pk"),
        "link": links.take(request),
        "domain_form": domain_form or DomainForm(workspace=request.workspace, by=request.user),
        "domains": request.workspace.join_domains.select_related("added_by"),
        "can_verify": can_verify_addresses(),
        "has_providers": bool(settings.OIDC_PROVIDERS),
    }
    return render(request, "workspaces/members.html", context, status=status)


@in_workspace(Permission.MANAGE_MEMBERS)
@require_safe
def member(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return _member_page(request, one(request, pk))


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def member_role(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = one(request, pk)
    form = RoleForm(request.POST, by=request.membership)
    if not form.is_valid():
        return _member_page(request, found, form)
    role = form.cleaned_data["role"]
    check_granted(request, found, role)
    try:
        with transaction.atomic():
            if changed := found.change_role(role):
                was = {"role": found.role}
                record(request, AuditAction.ROLE_CHANGED, target=found.user, before=was, after={"role": role})
                _withdraw(request, found, role)
    except LastOwner as error:
        form.add_error("role", str(error))
        return _member_page(request, found, form)
    if changed:
        messages.success(request, f"{found.user.display_name} is now {form.label}.")
    else:
        messages.info(request, MOVED_ON)
    return redirect("members", request.workspace.slug)


@in_workspace(Permission.OWN)
@fresh_sign_in()
def hand_over(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Make another member the owner in one's own place; a GET asks first."""
    others = _all(request).exclude(pk=request.membership.pk).filter(user__is_active=True)
    found = get_object_or_404(others, pk=pk)
    if request.method != "POST":
        return render(request, "workspaces/hand_over.html", {"member": found})
    try:
        with transaction.atomic():
            if done := request.membership.hand_over(found):
                record(request, AuditAction.OWNERSHIP_HANDED_OVER, target=found.user, before={"role": found.role})
                _withdraw(request, request.membership, Role.ADMIN)
    except LastOwner:  # the account was deactivated meanwhile
        done = False
    if done:
        messages.success(request, f"{found.user.display_name} owns {request.workspace.name} now. You are an admin.")
    else:
        messages.info(request, MOVED_ON)
    return redirect("members", request.workspace.slug)


@in_workspace(Permission.WATCH)
def leave(request: WorkspaceRequest) -> HttpResponse:
    """Leave the workspace; a GET asks first."""
    if request.method != "POST":
        return render(request, "workspaces/leave.html", {"is_last_owner": request.membership.is_last_owner})
    if not end(request, request.membership, AuditAction.MEMBER_LEFT):
        return redirect("members", request.workspace.slug)
    messages.success(request, f"You have left {request.workspace.name}.")
    return redirect("workspaces")


def _all(request: WorkspaceRequest) -> "QuerySet[Membership]":
    return request.workspace.memberships.select_related("user")


def one(request: WorkspaceRequest, pk: int) -> Membership:
    return get_object_or_404(_all(request), pk=pk)


def check_granted(request: WorkspaceRequest, found: Membership, *roles: str) -> None:
    """Refuse whoever may not give and take this member's role and `roles`."""
    if not may_grant(request.membership.role, found.role, *roles):
        raise PermissionDenied


def end(request: WorkspaceRequest, found: Membership, deed: AuditAction) -> bool:
    """End a membership and write it down; when that cannot be, say why."""
    try:
        with transaction.atomic():
            if found.remove() if deed == AuditAction.MEMBER_REMOVED else found.leave():
                record(request, deed, target=found.user, before={"role": found.role})
                _withdraw(request, found, None)
                return True
    except LastOwner as error:
        messages.error(request, str(error))
        return False
    messages.info(request, MOVED_ON)
    return False


def _withdraw(request: WorkspaceRequest, member: Membership, role: str | None) -> None:
    """Revoke the invitations that a member has made and now could not make any more."""
    for invitation in Invitation.objects.beyond(member, role):
        if invitation.revoke():
            record(request, AuditAction.INVITATION_REVOKED, target=invitation)


def _member_page(request: WorkspaceRequest, found: Membership, form: RoleForm | None = None) -> HttpResponse:
    context = {
        "member": found,
        "form": form or RoleForm(initial={"role": found.role}, by=request.membership),
        "may_change": may_grant(request.membership.role, found.role),
    }
    return render(request, "workspaces/member.html", context, status=422 if form else 200)
