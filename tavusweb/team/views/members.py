from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.sharing.actions import live_links_of
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.models import LastOwner
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import RoleForm
from ..pages import MOVED, check_can_grant, find_member, member_page, members_page, memberships


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
    row = find_member(request, pk)
    form = RoleForm(request.POST, by=request.membership)
    if not form.is_valid():
        return member_page(request, row, form)
    try:
        actions.change_role(Actor.of(request), row, form.cleaned_data["role"])
    except LastOwner as error:
        form.add_error("role", str(error))
        return member_page(request, row, form)
    except actions.Moved:
        messages.info(request, MOVED)
    else:
        values = {"name": row.user.display_name, "role": form.role_name}
        messages.success(request, _("Role of %(name)s changed to %(role)s.") % values)
    return redirect("members", request.workspace.slug)


@in_workspace(Permission.OWN)
@fresh_sign_in()
def hand_over(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Make another member the owner and oneself an admin; a GET asks first."""
    others = memberships(request).exclude(pk=request.membership.pk).filter(user__is_active=True)
    row = get_object_or_404(others, pk=pk)
    if request.method != "POST":
        return render(request, "workspaces/hand_over.html", {"member": row})
    try:
        actions.hand_over(Actor.of(request), row)
    except (LastOwner, actions.Moved):  # LastOwner: the account was deactivated in the meantime
        messages.info(request, MOVED)
    else:
        values = {"name": row.user.display_name, "workspace": request.workspace.name}
        messages.success(request, _("%(name)s now owns %(workspace)s. You are an admin.") % values)
    return redirect("members", request.workspace.slug)


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
def member_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Remove a member and, if the remover chooses to, revoke their share links; a GET asks first."""
    row = find_member(request, pk)
    check_can_grant(request, row)
    if request.method != "POST":
        context = {"member": row, "link_count": len(live_links_of(row))}
        return render(request, "workspaces/member_remove.html", context)
    try:
        count = actions.remove(Actor.of(request), row, revoke_links="revoke_links" in request.POST)
    except LastOwner as error:
        messages.error(request, str(error))
    except actions.Moved:
        messages.info(request, MOVED)
    else:
        messages.success(request, _("%(name)s removed.") % {"name": row.user.display_name})
        if count:
            message = ngettext("%(count)d share link revoked.", "%(count)d share links revoked.", count)
            messages.success(request, message % {"count": count})
    return redirect("members", request.workspace.slug)


@in_workspace(Permission.WATCH)
def leave(request: WorkspaceRequest) -> HttpResponse:
    """Leave the workspace; a GET asks first."""
    if request.method != "POST":
        return render(request, "workspaces/leave.html", {"is_last_owner": request.membership.is_last_owner})
    try:
        actions.leave(Actor.of(request), request.membership)
    except LastOwner as error:
        messages.error(request, str(error))
    except actions.Moved:
        messages.info(request, MOVED)
    else:
        messages.success(request, _("You left %(workspace)s.") % {"workspace": request.workspace.name})
        return redirect("workspaces")
    return redirect("members", request.workspace.slug)
