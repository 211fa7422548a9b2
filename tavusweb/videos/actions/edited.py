"""Edit and retry: a new attempt of the same video with another request. Its share links stay."""

from typing import Any
from uuid import UUID

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.models import Workspace

from ..drafts import Edit, NotADraft, is_same, kept_text
from ..models import Video
from ..wakeup import submit_later


def edit_and_retry(
    actor: Actor, workspace: Workspace, pk: UUID, changes: dict[str, Any], *, attempt: int, edit: Edit
) -> Video:
    """Queue a failed or cancelled video with `changes`, if `attempt` is still its last one.

    Raises AlreadyGenerated when somebody else was faster: what was typed is then kept as a draft. NotADraft if there is
    nothing to keep.
    """
    with kept_text(actor, workspace, pk, changes, edit):
        rows = Video.objects.filter(pk=pk, workspace=workspace, attempt=attempt)
        video = rows.select_for_update(of=("self",)).select_related("workspace").first()
        if video is None or not video.can_retry:
            raise NotADraft
        was, is_edited = video.status, not is_same(video, changes)
        if not video.retry(by=actor.user, edited=changes if is_edited else None):
            raise NotADraft
        before, after = {"status": was}, {"is_edited": is_edited}
        record(actor, AuditAction.VIDEO_RETRIED, target=video, before=before, after=after, workspace=workspace)
        submit_later(video)
    return video
