"""Drafts open in several windows: the first save is kept, and the second window decides."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.keys.models import Replica
from tavusweb.text_policy import is_blank
from tavusweb.workspaces.models import Workspace

from .history import keep_by_itself
from .models import AudioFile, DraftVersion, Video
from .models.status import Status
from .quotas import check_draft
from .spec import VideoSpec

MAX_VERSIONS = 20  # beside one draft; with one more, the oldest becomes a draft


@dataclass(frozen=True)
class Edit:
    """The window that a form was opened in, and the version of the draft that it began with.

    None is a form that knows no versions: it overwrites.
    """

    window: str = ""
    version: int | None = None
    is_autosave: bool = False


class NotADraft(Exception):
    """No draft of this workspace has this id, or it is a draft no longer. Nothing was saved."""


class AlreadyGenerated(Exception):
    """The draft was generated from another window; what was sent is kept as the draft `kept`."""

    def __init__(self, kept: Video) -> None:
        self.kept = kept


def write(by: User | None, workspace: Workspace, pk: UUID, changes: dict[str, Any], edit: Edit) -> Video | DraftVersion:
    """Create or update the draft `pk`, in the caller's transaction. Raises NotADraft.

    When another window has saved it since, the draft stays as it is, and what was sent becomes a version beside it.
    """
    changed = {"version": F("version") + 1, "saved_in": edit.window}
    row = _locked(workspace, pk)
    if row is None:
        try:
            with transaction.atomic():
                first = {"version": 1, "saved_in": edit.window}
                return Video.objects.create(pk=pk, workspace=workspace, created_by=by, **changes, **first)
        except IntegrityError:
            row = _locked(workspace, pk)
            if row is None:
                raise NotADraft from None
    if not is_same(row, changes):
        if edit.version not in {None, row.version} and edit.window != row.saved_in:
            return _set_aside(by, row, changes, edit)
        keep_by_itself(row, by=by)
        Video.objects.filter(pk=pk).update(**changes, **changed)
        row = Video.objects.select_related("workspace").get(pk=pk)
    row.versions.filter(window=edit.window).delete()
    return row


def _locked(workspace: Workspace, pk: UUID) -> Video | None:
    drafts = Video.objects.filter(pk=pk, workspace=workspace, status=Status.DRAFT)
    return drafts.select_for_update(of=("self",)).select_related("workspace").first()


def is_same(video: Video, changes: dict[str, Any]) -> bool:
    return all(_is_same(getattr(video, name), value) for name, value in changes.items() if name in VideoSpec.names())


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, AudioFile) and isinstance(other, AudioFile):  # the same file may have been uploaded twice
        return (one.name, one.size, one.seconds) == (other.name, other.size, other.seconds)
    return bool(one == other)


def _set_aside(by: User | None, row: Video, changes: dict[str, Any], edit: Edit) -> DraftVersion:
    known = {name: value for name, value in changes.items() if name in VideoSpec.names()}
    fields = DraftVersion.storable(replace(row.spec, **known))
    others = row.versions.exclude(window=edit.window).select_related("video__workspace", "saved_by")
    if len(others) >= MAX_VERSIONS:
        check_draft(by)
        from_version(by, others[0])
    version, _ = row.versions.update_or_create(
        window=edit.window, defaults={"fields": fields, "saved_by": by, "saved_at": timezone.now()}
    )
    return version


def as_new_draft(
    by: User | None, workspace: Workspace, sent: UUID, changes: dict[str, Any], edit: Edit
) -> Video | None:
    """Keep what was typed for a video that was generated meanwhile: as a draft of its own, once, however often it is sent.

    None when there is nothing to keep: the same as what was generated, nothing typed, or no video of this workspace.
    """
    video = Video.objects.filter(pk=sent, workspace=workspace).first()
    is_empty = is_blank(changes.get("script", "")) and is_blank(changes.get("title", "")) and not changes.get("audio")
    is_late = edit.is_autosave and video is not None and edit.window in {"", video.saved_in}
    if video is None or is_empty or is_late or is_same(video, changes):
        return None
    spec = DraftVersion.storable(replace(video.spec, **{n: v for n, v in changes.items() if n in VideoSpec.names()}))
    pk = uuid.uuid5(sent, edit.window or json.dumps(spec, sort_keys=True))
    if not Video.objects.filter(pk=pk).exists():
        check_draft(by)
    try:
        draft = write(by, workspace, pk, changes, Edit())
    except NotADraft:  # that one was generated too
        return None
    return draft if isinstance(draft, Video) else None


@contextmanager
def kept_text(actor: Actor, workspace: Workspace, pk: UUID, changes: dict[str, Any], edit: Edit) -> Iterator[None]:
    """Run a transaction. If the video is no longer a draft, save the text as a new draft.

    Raises AlreadyGenerated with that draft, or NotADraft if there is no text to save.
    """
    try:
        with transaction.atomic():
            yield
    except NotADraft:
        with transaction.atomic():
            draft = as_new_draft(actor.user, workspace, pk, changes, edit)
        if draft:
            raise AlreadyGenerated(draft) from None
        raise


def from_version(by: User | None, version: DraftVersion) -> Video:
    """Make a version its own draft, owned by the person who typed it."""
    changes = version.changes()
    owner = version.saved_by or by
    pk = uuid.uuid5(version.video_id, version.window)
    row = write(owner, version.video.workspace, pk, changes | {"replica_name": replica_name(changes)}, Edit())
    version.delete()
    assert isinstance(row, Video)  # noqa: S101 - a form without a version overwrites
    return row


def replica_name(changes: dict[str, Any]) -> str:
    replica = Replica.objects.filter(api_key=changes.get("api_key"), replica_id=changes.get("replica_id", "")).first()
    return replica.name if replica else ""
