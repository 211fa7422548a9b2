from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.models import LastOwner
from tavusweb.workspaces.permissions import Permission, Role

from ..actions import end_membership, withdraw_invitations
from ..forms import RoleForm
from ..pages import MOVED_ON, check_granted, find_member, member_page, members_page, memberships


@in_workspace(Permission.WATCH)
@require_safe
def members(request: WorkspaceRequest) -> HttpResponse:
    return members_page(request)


@in_workspace(Permission.MANAGE_MEMBERS)
@require_safe
def member(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return member_page(request, find_member(request, pk))


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def member_role(request: WorkspaceRequest, pk: int) -> HttpResponse:
    found = find_member(request, pk)
    form = RoleForm(request.POST, by=request.membership)
    if not form.is_valid():
        return member_page(request, found, form)
    role = form.cleaned_data["role"]
    check_granted(request, found, role)
    try:
        with transaction.atomic():
            if changed := found.change_role(role):
                was = {"role": found.role}
                record(Actor.of(request), AuditAction.ROLE_CHANGED, target=found.user, before=was, after={"role": role})
                withdraw_invitations(request, found, role)
    except LastOwner as error:
        form.add_error("role", str(error))
        return member_page(request, found, form)
    if changed:
        messages.success(request, f"{found.user.display_name} is now {form.label}.")
    else:
        messages.info(request, MOVED_ON)
    return redirect("members", request.workspace.slug)


@in_workspace(Permission.OWN)
@fresh_sign_in()
def hand_over(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Make another member the owner in one's own place; a GET asks first."""
    others = memberships(request).exclude(pk=request.membership.pk).filter(user__is_active=True)
    found = get_object_or_404(others, pk=pk)
    if request.method != "POST":
        return render(request, "workspaces/hand_over.html", {"member": found})
    try:
        with transaction.atomic():
            if done := request.membership.hand_over(found):
                record(
                    Actor.of(request), AuditAction.OWNERSHIP_HANDED_OVER, target=found.user, before={"role": found.role}
                )
                withdraw_invitations(request, request.membership, Role.ADMIN)
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
    if not end_membership(request, request.membership, AuditAction.MEMBER_LEFT):
        return redirect("members", request.workspace.slug)
    messages.success(request, f"You have left {request.workspace.name}.")
    return redirect("workspaces")
