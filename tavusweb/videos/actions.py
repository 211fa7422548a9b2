"""What people do to videos. One transaction each: check, change, timeline, audit event, waking the engine."""

from collections.abc import Callable
from copy import copy
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.models import Workspace

from .models import RemoteCopy, Video
from .models.status import DeleteMode, Status
from .wakeup import submit_later


class Moved(Exception):
    """The video changed in the meantime and the action no longer applies. Nothing was done."""


class NotADraft(Exception):
    """No draft of this workspace has this id, or it is a draft no longer. Nothing was saved."""


def save_draft(actor: Actor, workspace: Workspace, pk: UUID, changes: dict[str, Any]) -> Video:
    """Create or update the draft `pk`. Sending the form twice creates one draft. Raises NotADraft."""
    drafts = Video.objects.filter(pk=pk, workspace=workspace, status=Status.DRAFT)
    if not drafts.update(**changes):
        try:
            with transaction.atomic():
                return Video.objects.create(pk=pk, workspace=workspace, created_by=actor.user, **changes)
        except IntegrityError:
            if not drafts.update(**changes):
                raise NotADraft from None
    return drafts.select_related("workspace").get()


def generate(actor: Actor, workspace: Workspace, pk: UUID, changes: dict[str, Any]) -> Video:
    """Save a draft and queue it. Raises NotADraft, so that nothing is generated twice.

    One transaction, so an autosave of an older text either comes before both or no longer finds a draft.
    """
    with transaction.atomic():
        video = save_draft(actor, workspace, pk, changes)
        if not video.enqueue(by=actor.user):
            raise NotADraft
        record(actor, AuditAction.VIDEO_GENERATED, target=video, after={"key": video.api_key}, workspace=workspace)
        submit_later(video)
    return video


def retry(actor: Actor, video: Video) -> None:
    """Queue a failed or cancelled video again, as a new submission. Raises Moved."""
    _act(actor, AuditAction.VIDEO_RETRIED, video, video.retry, is_possible=video.can_retry, is_queued=True)


def cancel(actor: Actor, video: Video) -> None:
    """Take a waiting video out of the queue. Raises Moved."""
    _act(actor, AuditAction.VIDEO_CANCELLED, video, video.cancel, is_possible=video.can_cancel)


def resolve_as_missing(actor: Actor, video: Video) -> None:
    """Send an unsure video again, after a person found that Tavus does not have it. Raises Moved."""
    resolve = video.resolve_as_missing
    _act(actor, AuditAction.VIDEO_RESOLVED, video, resolve, is_possible=video.is_unsure, is_queued=True)


def resolve_as(actor: Actor, video: Video, tavus_id: str) -> None:
    """Follow an unsure video under the id that a person found at Tavus. Raises Moved."""

    def resolve(*, by: Any) -> bool:
        return video.resolve_as(tavus_id, by=by)

    _act(actor, AuditAction.VIDEO_RESOLVED, video, resolve, is_possible=video.is_unsure)


def delete(actor: Actor, video: Video, mode: DeleteMode) -> None:
    """Delete a draft or a video here, or have the engine delete it at Tavus first. Raises Moved."""

    def ask(*, by: Any) -> bool:
        return video.ask_to_delete(by=by, mode=mode)

    _act(actor, AuditAction.VIDEO_DELETED, video, ask, is_possible=video.can_delete)


def delete_copy(actor: Actor, video: Video, extra: RemoteCopy) -> None:
    """Have the engine delete an extra copy at Tavus. Raises Moved if that was already requested."""

    def ask(*, by: Any) -> bool:
        return video.ask_to_delete_copy(extra, by=by)

    _act(actor, AuditAction.VIDEO_COPY_DELETED, video, ask)


def rename(actor: Actor, video: Video, title: str) -> None:
    """Change the title here at once, and at Tavus with the next poll. Raises Moved when the video is deleted."""
    if not video.can_rename:
        raise Moved
    was = copy(video)
    with transaction.atomic():
        video.rename(title, by=actor.user)
        before, after = {"title": was.title}, {"title": title}
        record(actor, AuditAction.VIDEO_RENAMED, target=was, before=before, after=after, workspace=video.workspace)


def _act(
    actor: Actor,
    action: AuditAction,
    video: Video,
    move: Callable[..., bool],
    *,
    is_possible: bool = True,
    is_queued: bool = False,
) -> None:
    """Change the status and record it in one transaction; wake the engine if the video is queued."""
    was = copy(video)
    with transaction.atomic():
        if not is_possible or not move(by=actor.user):
            raise Moved
        record(actor, action, target=was, before={"status": was.status}, workspace=video.workspace)
        if is_queued:
            submit_later(video)
