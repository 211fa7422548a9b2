"""What people do to a workspace: change its settings, delete it."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import ngettext

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import PENDING
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from .granting import record_in


class StillAtWork(Exception):
    """Videos of the workspace are in the queue or in production: bought, or about to be."""

    def __init__(self, count: int) -> None:
        message = ngettext(
            "%(count)d video is still in progress. Wait until it finishes, or cancel it.",
            "%(count)d videos are still in progress. Wait until they finish, or cancel those that are waiting.",
            count,
        )
        super().__init__(message % {"count": count})


@transaction.atomic
def change_settings(actor: Actor, workspace: Workspace, permission: Permission, **values: object) -> None:
    """Set fields of the workspace. Raises PermissionDenied."""
    confirm_permission(actor, workspace, permission)
    before = Workspace.objects.values(*values).get(pk=workspace.pk)
    Workspace.objects.filter(pk=workspace.pk).update(**values)
    record_in(actor, workspace, AuditAction.SETTINGS_CHANGED, before=before, after=values)


def export_audit_log(actor: Actor, workspace: Workspace, query: dict[str, Any]) -> None:
    """Record an export of the audit log."""
    record_in(actor, workspace, AuditAction.AUDIT_LOG_EXPORTED, after=query)


@transaction.atomic
def delete_workspace(actor: Actor, workspace: Workspace) -> None:
    """Delete the workspace and everything in it; its audit log stays. Raises StillAtWork, PermissionDenied.

    Its videos at Tavus stay there: deleting them is asked for one by one, while the workspace exists.
    """
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    confirm_permission(actor, workspace, Permission.OWN)
    videos = Video.objects.filter(workspace=workspace)
    # Every row is locked, so that no worker claims a video that is about to be deleted.
    states = videos.select_for_update().values_list("status", "wants_delete")
    if busy := sum(status in PENDING or bool(wants_delete) for status, wants_delete in states):
        raise StillAtWork(busy)
    record_in(actor, workspace, AuditAction.WORKSPACE_DELETED, target=workspace)
    for audio in AudioFile.objects.filter(workspace=workspace):
        transaction.on_commit(partial(audio.file.delete, save=False))
    videos.delete()  # before the keys, which videos protect
    workspace.delete()
