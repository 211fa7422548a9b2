"""What people are told about their videos, in the transaction of each move."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tavusweb.notify.actions import bring_back_all, settle, tell, withdraw, withdraw_all
from tavusweb.notify.kinds import Kind

from .models.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from .models.transitions import TransitionsMixin

OF_STATUS = {Status.READY: Kind.VIDEO_READY, Status.FAILED: Kind.VIDEO_FAILED}
KINDS = (Kind.VIDEO_READY, Kind.VIDEO_FAILED, Kind.VIDEO_UNSURE)


def about(video: Any) -> str:
    """The name of a video among the things that people are told about."""
    return f"video:{video.pk}"


def note_move(video: "TransitionsMixin", was: Status, to: Status) -> None:
    """Take back what was told of the status before, and tell the creator of a video that is ready or has failed."""
    if to == Status.DELETED:
        withdraw(about=about(video))
    elif was in OF_STATUS or was == Status.UNSURE:
        settle(*KINDS, about=about(video))
    if to in OF_STATUS:
        _tell(video, OF_STATUS[to], f"{about(video)}#{video.attempt}")


def ask_to_resolve(video: "TransitionsMixin") -> None:
    """Tell the creator of an unsure video that it needs a decision."""
    key = f"{about(video)}#{video.attempt}@{video.status_at.timestamp():.0f}"
    _tell(video, Kind.VIDEO_UNSURE, key, submission=video.submission_name)


def hide(pks: "Iterable[UUID]") -> None:
    """Take back what was told of videos that are now in the trash."""
    withdraw_all(f"video:{pk}" for pk in pks)


def show(pks: "Iterable[UUID]") -> None:
    """Tell again what still holds of videos that came back from the trash."""
    bring_back_all(f"video:{pk}" for pk in pks)


def _tell(video: Any, kind: Kind, key: str, **data: str) -> None:
    if video.created_by_id is None or video.trashed_at is not None:
        return
    tell(
        [video.created_by_id],
        kind,
        workspace=video.workspace_id,
        subject_key=key,
        about=about(video),
        data={"title": video.display_title, **data},
        url=reverse("video", args=[video.workspace.slug, video.pk]),
    )
