"""The end of a workspace with everything in it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..actions import StillAtWork, delete_workspace
from ..forms import CloseForm


@in_workspace(Permission.OWN)
@fresh_sign_in()
def workspace_delete(request: WorkspaceRequest) -> HttpResponse:
    """Delete the workspace after its name was typed."""
    form = CloseForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            delete_workspace(request.workspace, request)
        except StillAtWork as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{request.workspace.name} is deleted, with everything in it.")
            return redirect("workspaces")
    return render(request, "workspaces/workspace_delete.html", {"form": form}, status=422 if form.errors else 200)
