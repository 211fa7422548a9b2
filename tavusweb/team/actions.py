"""What people do to the members of a workspace, and to the workspace itself."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import PENDING
from tavusweb.workspaces.decorators import WorkspaceRequest
from tavusweb.workspaces.models import Invitation, LastOwner, Membership, Workspace

from .pages import MOVED_ON


def end_membership(request: WorkspaceRequest, found: Membership, action: AuditAction) -> bool:
    """End a membership and write it down; when that cannot be, say why."""
    try:
        with transaction.atomic():
            if found.remove() if action == AuditAction.MEMBER_REMOVED else found.leave():
                record(Actor.of(request), action, target=found.user, before={"role": found.role})
                withdraw_invitations(request, found, None)
                return True
    except LastOwner as error:
        messages.error(request, str(error))
        return False
    messages.info(request, MOVED_ON)
    return False


def withdraw_invitations(request: WorkspaceRequest, member: Membership, role: str | None) -> None:
    """Revoke the invitations that a member has made and now could not make any more."""
    for invitation in Invitation.objects.beyond(member, role):
        if invitation.revoke():
            record(Actor.of(request), AuditAction.INVITATION_REVOKED, target=invitation)


def change_workspace(request: WorkspaceRequest, **values: object) -> None:
    """Set fields of the workspace and write it down."""
    with transaction.atomic():
        was = Workspace.objects.values(*values).get(pk=request.workspace.pk)
        Workspace.objects.filter(pk=request.workspace.pk).update(**values)
        record(Actor.of(request), AuditAction.SETTINGS_CHANGED, before=was, after=values)


class StillAtWork(Exception):
    """Videos of the workspace are in the queue or in production: bought, or about to be."""

    def __init__(self, number: int) -> None:
        videos = "1 video is" if number == 1 else f"{number} videos are"
        super().__init__(f"{videos} still in production. Wait until they are finished, or cancel those that wait.")


def delete_workspace(workspace: Workspace, request: HttpRequest) -> None:
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
        record(Actor.of(request), AuditAction.WORKSPACE_DELETED, workspace=workspace, target=workspace)
        for audio in AudioFile.objects.filter(workspace=workspace):
            transaction.on_commit(partial(audio.file.delete, save=False))
        videos.delete()  # before the keys, which no video may lose
        workspace.delete()
