"""What people are told about their videos, in the transaction of each move."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tavusweb.notify.actions import bring_back_all, settle, tell, withdraw, withdraw_all
from tavusweb.notify.kinds import Kind
from tavusweb.workspaces.models import Membership
from tavusweb.workspaces.permissions import Permission, Role, can

from .models.status import Status
from .wait_reasons import Wait

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
    if was == Status.WAITING and video.wait == Wait.APPROVAL:
        settle_approval(video)
    if to in OF_STATUS:
        _tell(video, OF_STATUS[to], f"{about(video)}#{video.attempt}")


def ask_to_resolve(video: "TransitionsMixin") -> None:
    """Tell the creator of an unsure video that it needs a decision."""
    _tell(video, Kind.VIDEO_UNSURE, _moment(video), submission=video.submission_name)


def hide(pks: "Iterable[UUID]") -> None:
    """Take back what was told of videos that are now in the trash."""
    withdraw_all(f"video:{pk}" for pk in pks)


def show(pks: "Iterable[UUID]") -> None:
    """Tell again what still holds of videos that came back from the trash."""
    bring_back_all(f"video:{pk}" for pk in pks)


def ask_to_approve(video: Any, *, is_reminder: bool = False) -> None:
    """Ask the owners and admins to approve what a parked video costs."""
    managers = [role for role in Role if can(role, Permission.MANAGE_SETTINGS)]
    approvers = Membership.objects.filter(workspace=video.workspace_id, role__in=managers, user__is_active=True)
    key = f"{_moment(video)}{'-reminder' if is_reminder else ''}"
    people = list(approvers.values_list("user_id", flat=True))
    _tell_people(
        people, video, Kind.SPENDING_ASKED, key, name=video.created_by.display_name if video.created_by else ""
    )


def settle_approval(video: Any) -> None:
    settle(Kind.SPENDING_ASKED, about=about(video))


def tell_of_decline(video: Any) -> None:
    _tell(video, Kind.SPENDING_DECLINED, f"{_moment(video)}-declined")


def _moment(video: Any) -> str:
    return f"{about(video)}#{video.attempt}@{video.status_at.timestamp():.0f}"


def _tell(video: Any, kind: Kind, key: str, **data: str) -> None:
    if video.created_by_id is None or video.trashed_at is not None:
        return
    _tell_people([video.created_by_id], video, kind, key, **data)


def _tell_people(people: list[Any], video: Any, kind: Kind, key: str, **data: str) -> None:
    tell(
        people,
        kind,
        workspace=video.workspace_id,
        subject_key=key,
        about=about(video),
        data={"title": video.display_title, **data},
        url=reverse("video", args=[video.workspace.slug, video.pk]),
    )
