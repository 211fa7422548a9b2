"""The same for many videos: one transaction, one audit event with the count, and what could not be done with its reason."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import Target, record
from tavusweb.sharing import actions as sharing
from tavusweb.text_policy import as_line, fold
from tavusweb.videos import actions as videos
from tavusweb.videos.models import Video, VideoQuerySet
from tavusweb.videos.models.status import Status
from tavusweb.videos.models.trash import UNSETTLED
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..models import Folder, FolderEntry, Tag, VideoTag
from ..zip_stream import Entry, extension_of
from .labels import find_or_add

BATCH = 500
# Each of these takes several queries. More are left for another press of the button, so that no request takes minutes.
MOST_ONE_BY_ONE = 500
MOST_DOWNLOADED = 500


class Act(models.TextChoices):
    TAG = "tag", _("Add tag")
    UNTAG = "untag", _("Remove tag")
    MOVE = "move", _("Move to folder")
    RETRY = "retry", _("Retry")
    SHARE = "share", _("Create share link")
    DOWNLOAD = "download", _("Download")
    DELETE = "delete", _("Delete")
    RESTORE = "restore", _("Restore")
    DELETE_FOR_GOOD = "delete_for_good", _("Delete for good")


class Reason(models.TextChoices):
    """Why some of the selected videos are as they were."""

    NOT_RETRIABLE = "not_retriable", _("Only failed and cancelled videos can be retried.")
    NOT_SHAREABLE = "not_shareable", _("Drafts and deleted videos can’t be shared.")
    NOT_DELETABLE = "not_deletable", _("They are deleted or in the trash already.")
    NOT_IN_TRASH = "not_in_trash", _("They are not in the trash.")
    UNSETTLED = "unsettled", _("They are not in the trash, or Tavus has yet to answer about them.")
    TOO_MANY = "too_many", _("Too many for one step. Select them again to continue.")


@dataclass
class Outcome:
    """How many were changed, when, and how many were not and why."""

    done: int = 0
    left: dict[Reason, int] = field(default_factory=dict)
    at: datetime = field(default_factory=timezone.now)

    def leave(self, reason: Reason, number: int) -> None:
        if number > 0:
            self.left[reason] = self.left.get(reason, 0) + number


@transaction.atomic
def act_on_selected(actor: Actor, workspace: Workspace, pks: Sequence[UUID], act: Act, *, name: str = "") -> Outcome:
    """Do an act to the workspace's videos `pks`; `name` is of a tag or a folder. Raises BadName, PermissionDenied."""
    confirm_permission(actor, workspace, Permission.MAKE)
    outcome = Outcome()
    _ACTS[act](actor, workspace, pks, outcome, name)
    if outcome.done:
        _record(actor, workspace, act, outcome, name)
    return outcome


@transaction.atomic
def share_selected(
    actor: Actor, workspace: Workspace, pks: Sequence[UUID], *, group: UUID, password: str = "", **rules: Any
) -> Outcome:
    """Create a share link for each video, once for each `group`, which names this press of the button.

    Raises AgainstPolicy, LinkClosed, PermissionDenied.
    """
    confirm_permission(actor, workspace, Permission.SHARE)
    outcome = Outcome()
    shareable = workspace.videos.current().filter(wants_delete="").exclude(status__in=[Status.DRAFT, Status.DELETED])
    possible = _possible(shareable, pks)
    first = possible[:MOST_ONE_BY_ONE]
    rows = list(Video.objects.filter(workspace=workspace, pk__in=first).select_related("workspace"))
    outcome.done = sharing.share_many(actor, workspace, rows, group=group, password=password, **rules)
    outcome.leave(Reason.NOT_SHAREABLE, len(pks) - len(possible))
    outcome.leave(Reason.TOO_MANY, len(possible) - len(first))
    return outcome


@transaction.atomic
def download_selected(actor: Actor, workspace: Workspace, pks: Sequence[UUID]) -> list[Entry]:
    """Return what a zip file of these videos holds, newest first; MOST_DOWNLOADED at most. Raises PermissionDenied."""
    confirm_permission(actor, workspace, Permission.WATCH)
    first = pks[:MOST_DOWNLOADED]
    rows = Video.objects.filter(workspace=workspace, pk__in=first).newest_first()
    entries = [
        Entry(
            title=row.display_title,
            url=row.download_url if row.is_ready else "",
            extension=extension_of(row.download_url),
        )
        for row in rows
    ]
    target, after = Target(str(Act.DOWNLOAD.label), "videos.video"), {"videos": len(entries)}
    record(actor, AuditAction.VIDEOS_DOWNLOADED, workspace=workspace, target=target, after=after)
    return entries


@transaction.atomic
def restore_trashed(actor: Actor, workspace: Workspace, at: datetime) -> int:
    """Undo a deletion of many videos by the same person; return how many came back. Raises PermissionDenied."""
    confirm_permission(actor, workspace, Permission.MAKE)
    pks = list(workspace.videos.filter(trashed_at=at, trashed_by=actor.user).values_list("pk", flat=True))
    outcome = Outcome()
    _restore(actor, workspace, pks, outcome, "")
    if outcome.done:
        _record(actor, workspace, Act.RESTORE, outcome, "")
    return outcome.done


def _record(actor: Actor, workspace: Workspace, act: Act, outcome: Outcome, name: str) -> None:
    after = {"videos": outcome.done, "act": act.value} | ({"name": name} if name else {})
    target = Target(str(act.label), "videos.video")
    record(actor, AuditAction.VIDEOS_CHANGED, workspace=workspace, target=target, after=after)


def _parts(pks: Sequence[UUID], size: int = BATCH) -> Iterator[Sequence[UUID]]:
    return (pks[start : start + size] for start in range(0, len(pks), size))


def _tag(actor: Actor, workspace: Workspace, pks: Sequence[UUID], outcome: Outcome, name: str) -> None:
    tag = find_or_add(actor, workspace, Tag, name)
    for part in _parts(pks):
        rows = [VideoTag(video_id=pk, tag_id=tag.pk) for pk in part]
        VideoTag.objects.bulk_create(rows, ignore_conflicts=True)
    outcome.done = len(pks)


def _untag(actor: Actor, workspace: Workspace, pks: Sequence[UUID], outcome: Outcome, name: str) -> None:
    tag = Tag.objects.filter(workspace=workspace, name_folded=fold(as_line(name))).first()
    for part in _parts(pks if tag else []):
        entries = VideoTag.objects.filter(video__in=part, tag=tag)
        outcome.done += entries.delete()[0]


def _move(actor: Actor, workspace: Workspace, pks: Sequence[UUID], outcome: Outcome, name: str) -> None:
    """Move to the folder of that name, or out of every folder."""
    folder = find_or_add(actor, workspace, Folder, name) if name else None
    for part in _parts(pks):
        FolderEntry.objects.filter(video__in=part).delete()
        if folder:
            FolderEntry.objects.bulk_create(FolderEntry(video_id=pk, folder_id=folder.pk) for pk in part)
    outcome.done = len(pks)


def _delete(actor: Actor, workspace: Workspace, pks: Sequence[UUID], outcome: Outcome, name: str) -> None:
    for part in _parts(pks):
        outcome.done += len(videos.delete_many(actor, workspace, part, at=outcome.at))
    outcome.leave(Reason.NOT_DELETABLE, len(pks) - outcome.done)


def _restore(actor: Actor, workspace: Workspace, pks: Sequence[UUID], outcome: Outcome, name: str) -> None:
    for part in _parts(pks):
        outcome.done += len(videos.restore_many(actor, workspace, part))
    outcome.leave(Reason.NOT_IN_TRASH, len(pks) - outcome.done)


def _retry(actor: Actor, workspace: Workspace, pks: Sequence[UUID], outcome: Outcome, name: str) -> None:
    rows = workspace.videos.current().filter(status__in=[Status.FAILED, Status.CANCELLED], wants_delete="")
    _one_by_one(rows, pks, outcome, lambda video: videos.retry_one(actor, video), Reason.NOT_RETRIABLE)


def _delete_for_good(actor: Actor, workspace: Workspace, pks: Sequence[UUID], outcome: Outcome, name: str) -> None:
    rows = workspace.videos.in_trash().filter(wants_delete="").exclude(status__in=UNSETTLED)
    _one_by_one(rows, pks, outcome, lambda video: video.delete_for_good(by=actor.user), Reason.UNSETTLED)


def _one_by_one(
    rows: VideoQuerySet, pks: Sequence[UUID], outcome: Outcome, act: Callable[[Video], bool], otherwise: Reason
) -> None:
    """Act on the first of `rows`, those that the act is possible for: else the others would be in their way for ever."""
    possible = _possible(rows, pks)
    first = possible[:MOST_ONE_BY_ONE]
    for video in Video.objects.filter(pk__in=first).select_related("workspace", "api_key"):
        outcome.done += act(video)
    outcome.leave(otherwise, len(pks) - len(possible) + len(first) - outcome.done)
    outcome.leave(Reason.TOO_MANY, len(possible) - len(first))


def _possible(rows: VideoQuerySet, pks: Sequence[UUID]) -> list[UUID]:
    return [pk for part in _parts(pks) for pk in rows.filter(pk__in=part).values_list("pk", flat=True)]


_ACTS: dict[Act, Callable[[Actor, Workspace, Sequence[UUID], Outcome, str], None]] = {
    Act.TAG: _tag,
    Act.UNTAG: _untag,
    Act.MOVE: _move,
    Act.RETRY: _retry,
    Act.DELETE: _delete,
    Act.RESTORE: _restore,
    Act.DELETE_FOR_GOOD: _delete_for_good,
}
