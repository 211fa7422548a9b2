from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.sharing.takes.affected import affected_by_deletion_of_workspace
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.forms import WorkspaceForm
from tavusweb.workspaces.permissions import Permission
from tavusweb.workspaces.sign_in_policy import RequirementForm

from .. import actions
from ..forms import DeleteWorkspaceForm


@in_workspace(Permission.WATCH)
def workspace_settings(request: WorkspaceRequest) -> HttpResponse:
    if request.method == "POST" and not request.membership.can(Permission.MANAGE_SETTINGS):
        raise PermissionDenied
    form = WorkspaceForm(request.POST or None, instance=request.workspace)
    if request.method == "POST" and form.is_valid():
        return _save(request, Permission.MANAGE_SETTINGS, name=form.cleaned_data["name"])
    request.workspace.refresh_from_db()  # the page header shows the saved name, not an invalid one
    return _settings(request, form, RequirementForm(request=request, workspace=request.workspace))


@in_workspace(Permission.OWN)
@fresh_sign_in()
@require_POST
def workspace_requires(request: WorkspaceRequest) -> HttpResponse:
    form = RequirementForm(request.POST, request=request, workspace=request.workspace)
    if form.is_valid():
        return _save(request, Permission.OWN, requires=form.cleaned_data["requires"])
    return _settings(request, WorkspaceForm(instance=request.workspace), form)


@in_workspace(Permission.OWN)
@fresh_sign_in()
def workspace_delete(request: WorkspaceRequest) -> HttpResponse:
    """Delete the workspace after its name was typed."""
    form = DeleteWorkspaceForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            actions.delete_workspace(Actor.of(request), request.workspace)
        except actions.StillAtWork as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Workspace %(workspace)s deleted.") % {"workspace": request.workspace.name})
            return redirect("workspaces")
    context = {"form": form, "affected": affected_by_deletion_of_workspace(request.workspace)}
    return render(request, "workspaces/workspace_delete.html", context, status=422 if form.errors else 200)


def _save(request: WorkspaceRequest, permission: Permission, **values: object) -> HttpResponse:
    actions.change_settings(Actor.of(request), request.workspace, permission, **values)
    messages.success(request, _("Settings saved."))
    return redirect("workspace_settings", request.workspace.slug)


def _settings(request: WorkspaceRequest, form: WorkspaceForm, requirement_form: RequirementForm) -> HttpResponse:
    context = {"form": form, "requirement_form": requirement_form}
    is_refused = form.errors or requirement_form.errors
    return render(request, "workspaces/settings.html", context, status=422 if is_refused else 200)
