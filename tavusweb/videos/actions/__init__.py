"""What people do to videos. One transaction each: check, change, timeline, audit event, waking the engine."""

from collections.abc import Sequence
from copy import copy
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from .. import drafts
from ..captions import Cue, written
from ..drafts import AlreadyGenerated, Edit, NotADraft, kept_text
from ..models import Caption, DraftVersion, OverBudget, RemoteCopy, Video
from ..models.status import Status
from ..quotas import check_draft
from ..wakeup import submit_later
from .edited import edit_and_retry
from .moves import Moved, act
from .trash import delete, delete_expired, delete_for_good, delete_many, restore, restore_draft, restore_many

__all__ = [
    "AlreadyGenerated",
    "ChangedElsewhere",
    "Keep",
    "Moved",
    "NotADraft",
    "NotCaptionable",
    "cancel",
    "delete",
    "delete_captions",
    "delete_copy",
    "delete_expired",
    "delete_for_good",
    "delete_many",
    "edit_and_retry",
    "generate",
    "rename",
    "resolve_as",
    "resolve_as_missing",
    "resolve_draft",
    "restore",
    "restore_many",
    "retry",
    "retry_one",
    "save_captions",
    "save_draft",
]

ANY = Edit()


class NotCaptionable(Exception):
    """The video is a draft, in the trash or deleted."""


class ChangedElsewhere(Exception):
    """Another window saved the draft first. It stays as it is; what was sent is kept beside it as `version`."""

    def __init__(self, version: DraftVersion) -> None:
        self.version = version


def save_draft(actor: Actor, workspace: Workspace, pk: UUID, changes: dict[str, Any], edit: Edit = ANY) -> Video:
    """Create the draft `pk` or change it: once, however often and from wherever its form is sent.

    Raises NotADraft, ChangedElsewhere, AlreadyGenerated, TooManyDrafts.
    """
    with kept_text(actor, workspace, pk, changes, edit):
        if not Video.objects.filter(pk=pk).exists():
            check_draft(actor.user)
        saved = drafts.write(actor.user, workspace, pk, changes, edit)
    if isinstance(saved, DraftVersion):
        raise ChangedElsewhere(saved)
    return saved


def generate(actor: Actor, workspace: Workspace, pk: UUID, changes: dict[str, Any], edit: Edit = ANY) -> Video:
    """Save a draft and put it into the queue. What was generated before is not generated twice.

    One transaction: an autosave of an older text comes before both, or finds no draft any more. What other windows had
    of the draft become drafts. Raises NotADraft, ChangedElsewhere, AlreadyGenerated.
    """
    with kept_text(actor, workspace, pk, changes, edit):
        restore_draft(actor, workspace, pk)
        saved = drafts.write(actor.user, workspace, pk, changes, edit)
        if isinstance(saved, Video):
            if not saved.enqueue(by=actor.user):
                raise NotADraft
            for version in saved.versions.select_related("video__workspace", "saved_by"):
                drafts.from_version(actor.user, version)
            after = {"key": saved.api_key}
            record(actor, AuditAction.VIDEO_GENERATED, target=saved, after=after, workspace=workspace)
            submit_later(saved)
    if isinstance(saved, DraftVersion):
        raise ChangedElsewhere(saved)
    return saved


class Keep(StrEnum):
    """Which of two versions of a draft a person keeps."""

    MINE, THEIRS, BOTH = "mine", "theirs", "both"


@transaction.atomic
def resolve_draft(actor: Actor, version: DraftVersion, keep: Keep, *, seen: int) -> Video:
    """Decide between a draft, as its version `seen` was, and what another window had of it; return what to go on with.

    Raises ChangedElsewhere when the draft has changed since it was seen, and Moved when it is no draft any more.
    """
    video = version.video
    if keep == Keep.BOTH:
        return drafts.from_version(actor.user, version)
    if keep == Keep.MINE:
        changes = version.changes()
        changes["replica_name"] = drafts.replica_name(changes)
        rows = Video.objects.filter(pk=video.pk, status=Status.DRAFT)
        if not rows.filter(version=seen).update(**changes, version=seen + 1, saved_in=version.window):
            raise ChangedElsewhere(version) if rows.exists() else Moved
    version.delete()
    return video


def retry(actor: Actor, video: Video) -> None:
    """Queue a failed or cancelled video again, as a new submission. Raises Moved."""
    act(actor, AuditAction.VIDEO_RETRIED, video, video.retry, is_possible=video.can_retry, is_queued=True)


def retry_one(actor: Actor, video: Video) -> bool:
    """Queue one of many videos again, in the caller's transaction, which records them; False if it can't be retried."""
    try:
        if not video.can_retry or not video.retry(by=actor.user):
            return False
    except OverBudget:
        return False
    submit_later(video)
    return True


def cancel(actor: Actor, video: Video) -> None:
    """Take a waiting video out of the queue. Raises Moved."""
    act(actor, AuditAction.VIDEO_CANCELLED, video, video.cancel, is_possible=video.can_cancel)


def resolve_as_missing(actor: Actor, video: Video) -> None:
    """Send an unsure video again, after a person found that Tavus does not have it. Raises Moved."""
    resolve = video.resolve_as_missing
    act(actor, AuditAction.VIDEO_RESOLVED, video, resolve, is_possible=video.is_unsure, is_queued=True)


def resolve_as(actor: Actor, video: Video, tavus_id: str) -> None:
    """Follow an unsure video under the id that a person found at Tavus. Raises Moved."""

    def resolve(*, by: Any) -> bool:
        return video.resolve_as(tavus_id, by=by)

    act(actor, AuditAction.VIDEO_RESOLVED, video, resolve, is_possible=video.is_unsure)


def delete_copy(actor: Actor, video: Video, extra: RemoteCopy) -> None:
    """Have the engine delete an extra copy at Tavus. Raises Moved if that was already requested."""

    def ask(*, by: Any) -> bool:
        return video.ask_to_delete_copy(extra, by=by)

    act(actor, AuditAction.VIDEO_COPY_DELETED, video, ask)


def rename(actor: Actor, video: Video, title: str) -> None:
    """Change the title here at once, and at Tavus with the next poll. Raises Moved when the video is deleted."""
    if not video.can_rename:
        raise Moved
    was = copy(video)
    with transaction.atomic():
        video.rename(title, by=actor.user)
        before, after = {"title": was.title}, {"title": title}
        record(actor, AuditAction.VIDEO_RENAMED, target=was, before=before, after=after, workspace=video.workspace)


@transaction.atomic
def save_captions(actor: Actor, video: Video, language: str, cues: Sequence[Cue]) -> Caption:
    """Add the captions of a language, or replace them. Raises NotCaptionable, PermissionDenied."""
    confirm_permission(actor, video.workspace, Permission.MAKE)
    if video.is_draft or video.is_trashed or video.is_deleted:
        raise NotCaptionable
    values = {"content": written(cues), "cues": len(cues), "saved_at": timezone.now(), "saved_by": actor.user}
    caption, is_new = Caption.objects.update_or_create(video=video, language=language, defaults=values)
    after = {"language": language, "captions": len(cues), "replaced": not is_new}
    record(actor, AuditAction.CAPTIONS_SAVED, workspace=video.workspace, target=video, after=after)
    return caption


@transaction.atomic
def delete_captions(actor: Actor, caption: Caption) -> bool:
    """Delete the captions of a language; False when somebody else did. Raises PermissionDenied."""
    video = caption.video
    confirm_permission(actor, video.workspace, Permission.MAKE)
    deleted = bool(Caption.objects.filter(pk=caption.pk).delete()[0])
    if deleted:
        before = {"language": caption.language, "captions": caption.cues}
        record(actor, AuditAction.CAPTIONS_DELETED, workspace=video.workspace, target=video, before=before)
    return deleted
