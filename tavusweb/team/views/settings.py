from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.forms import WorkspaceForm
from tavusweb.workspaces.permissions import Permission
from tavusweb.workspaces.sign_in_policy import RequirementForm

from ..actions import change_workspace


@in_workspace(Permission.WATCH)
def workspace_settings(request: WorkspaceRequest) -> HttpResponse:
    if request.method == "POST" and not request.membership.can(Permission.MANAGE_SETTINGS):
        raise PermissionDenied
    was = request.workspace.name
    form = WorkspaceForm(request.POST or None, instance=request.workspace)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            record(
                Actor.of(request),
                AuditAction.SETTINGS_CHANGED,
                before={"name": was},
                after={"name": request.workspace.name},
            )
        messages.success(request, "Saved.")
        return redirect("workspace_settings", request.workspace.slug)
    request.workspace.refresh_from_db()  # the shell shows the saved name, not a refused one
    return _settings(request, form, RequirementForm(request=request, workspace=request.workspace))


@in_workspace(Permission.OWN)
@fresh_sign_in()
@require_POST
def workspace_requires(request: WorkspaceRequest) -> HttpResponse:
    form = RequirementForm(request.POST, request=request, workspace=request.workspace)
    if form.is_valid():
        change_workspace(request, requires=form.cleaned_data["requires"])
        messages.success(request, "Saved.")
        return redirect("workspace_settings", request.workspace.slug)
    return _settings(request, WorkspaceForm(instance=request.workspace), form)


def _settings(request: WorkspaceRequest, form: WorkspaceForm, requirement_form: RequirementForm) -> HttpResponse:
    context = {"form": form, "requirement_form": requirement_form}
    is_refused = form.errors or requirement_form.errors
    return render(request, "workspaces/settings.html", context, status=422 if is_refused else 200)
