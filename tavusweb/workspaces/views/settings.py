from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from .. import audit
from ..access import Act
from ..audit import Deed
from ..doors import WorkspaceRequest, in_workspace
from ..forms import WorkspaceForm


@in_workspace(Act.WATCH)
def workspace_settings(request: WorkspaceRequest) -> HttpResponse:
    if request.method == "POST" and not request.membership.may(Act.MANAGE_SETTINGS):
        raise PermissionDenied
    was = request.workspace.name
    form = WorkspaceForm(request.POST or None, instance=request.workspace)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            audit.record(request, Deed.SETTINGS_CHANGED, before={"name": was}, after={"name": request.workspace.name})
        messages.success(request, "Saved.")
        return redirect("workspace_settings", request.workspace.slug)
    request.workspace.refresh_from_db()  # the shell shows the saved name, not a refused one
    return render(request, "workspaces/settings.html", {"form": form}, status=422 if form.errors else 200)
