"""Delete moves to the trash, Restore brings back, Delete for good ends it; so do 30 days in the trash."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..models import Video, VideoQuerySet
from ..models.status import Status
from ..models.trash import KEPT_FOR, UNSETTLED, move_to_trash, restore_from_trash
from .moves import Moved, act

DELETED_AT_ONCE = 200  # in one run of the schedule; the rest in the next


def delete(actor: Actor, video: Video) -> None:
    """Move a video to the trash; what waits is cancelled. Raises Moved, PermissionDenied."""
    with transaction.atomic():
        confirm_permission(actor, video.workspace, Permission.MAKE)
        if not move_to_trash(_row(video), by=actor.user, at=timezone.now()):
            raise Moved
        before = {"status": video.status}
        record(actor, AuditAction.VIDEO_DELETED, target=video, before=before, workspace=video.workspace)


def restore(actor: Actor, video: Video) -> None:
    """Bring a video back from the trash, and its share links with it. Raises Moved, PermissionDenied."""
    with transaction.atomic():
        confirm_permission(actor, video.workspace, Permission.MAKE)
        if not restore_from_trash(_row(video), by=actor.user):
            raise Moved
        record(actor, AuditAction.VIDEO_RESTORED, target=video, workspace=video.workspace)


def restore_draft(actor: Actor, workspace: Workspace, pk: UUID) -> None:
    """Bring a draft back that is generated from a window in which it was still open."""
    rows = Video.objects.filter(pk=pk, workspace=workspace, status=Status.DRAFT)
    if restore_from_trash(rows, by=actor.user):
        record(actor, AuditAction.VIDEO_RESTORED, target=rows.get(), workspace=workspace)


def delete_many(actor: Actor, workspace: Workspace, pks: Iterable[UUID], *, at: datetime) -> list[UUID]:
    """Move videos to the trash in the caller's transaction, which records them. Return which moved."""
    return move_to_trash(Video.objects.filter(workspace=workspace, pk__in=list(pks)), by=actor.user, at=at)


def restore_many(actor: Actor, workspace: Workspace, pks: Iterable[UUID]) -> list[UUID]:
    """Bring videos back in the caller's transaction, which records them. Return which came back."""
    return restore_from_trash(Video.objects.filter(workspace=workspace, pk__in=list(pks)), by=actor.user)


def delete_for_good(actor: Actor, video: Video) -> None:
    """Delete a video in the trash here, or have the engine delete it at Tavus first. Raises Moved, PermissionDenied."""
    with transaction.atomic():
        confirm_permission(actor, video.workspace, Permission.MAKE)
        _delete_for_good(actor, video)


def delete_expired(at: datetime | None = None) -> int:
    """Delete for good what has been in the trash for 30 days, oldest first. A scheduled task; return how many."""
    due = Video.objects.filter(trashed_at__lte=(at or timezone.now()) - KEPT_FOR, wants_delete="")
    due = due.exclude(status__in=UNSETTLED).select_related("workspace", "api_key").order_by("trashed_at")
    number = 0
    for video in due[:DELETED_AT_ONCE]:
        try:
            _delete_for_good(Actor.system("retention"), video)
        except Moved:
            continue
        number += 1
    return number


def _delete_for_good(actor: Actor, video: Video) -> None:
    is_possible = video.can_delete_for_good
    act(actor, AuditAction.VIDEO_DELETED_FOR_GOOD, video, video.delete_for_good, is_possible=is_possible)


def _row(video: Video) -> VideoQuerySet:
    return Video.objects.filter(pk=video.pk)
