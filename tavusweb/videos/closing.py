"""The end of a workspace with everything in it. Here and not in `workspaces`, which knows nothing of videos."""

from functools import partial

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.record import record
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from .models import AudioFile, Video
from .models.status import PENDING


class StillAtWork(Exception):
    """Videos of the workspace are in the queue or in production: bought, or about to be."""

    def __init__(self, number: int) -> None:
        videos = "1 video is" if number == 1 else f"{number} videos are"
        super().__init__(f"{videos} still in production. Wait until they are finished, or cancel those that wait.")


class CloseForm(forms.Form):
    name = forms.CharField(label="Workspace name", widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: object, workspace: Workspace, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.workspace = workspace

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name != self.workspace.name.strip():
            raise forms.ValidationError("This is not the workspace's name.")
        return name


@in_workspace(Permission.OWN)
@fresh_sign_in()
def workspace_delete(request: WorkspaceRequest) -> HttpResponse:
    """Delete the workspace after its name was typed."""
    form = CloseForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            close(request.workspace, request)
        except StillAtWork as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{request.workspace.name} is deleted, with everything in it.")
            return redirect("workspaces")
    return render(request, "workspaces/workspace_delete.html", {"form": form}, status=422 if form.errors else 200)


def close(workspace: Workspace, request: HttpRequest) -> None:
    """Delete the workspace and all it holds; its trail stays. Raises StillAtWork.

    Its videos at Tavus stay there: deleting them is asked for one by one, while the workspace exists.
    """
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        videos = Video.objects.filter(workspace=workspace)
        # Every row is held, so that no worker claims a video that is about to go.
        stands = videos.select_for_update().values_list("status", "wants_delete")
        if busy := sum(status in PENDING or bool(asked) for status, asked in stands):
            raise StillAtWork(busy)
        record(request, AuditAction.WORKSPACE_DELETED, workspace=workspace, target=workspace)
        for audio in AudioFile.objects.filter(workspace=workspace):
            transaction.on_commit(partial(audio.file.delete, save=False))
        videos.delete()  # before the keys, which no video may lose
        workspace.delete()
