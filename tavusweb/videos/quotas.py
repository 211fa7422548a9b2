"""How much a workspace and a person may keep on this server, and what they are told beyond it."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import models
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from tavusweb.accounts.models import User
from tavusweb.uploads import Room
from tavusweb.workspaces.models import Workspace

from .models import AudioFile, Video
from .models.status import Status


class TooManyDrafts(Exception):
    """The person has as many drafts as one may have. Nothing was saved."""

    def __init__(self) -> None:
        message = _("You have %(count)d drafts, the maximum. Generate or delete some of them, then save again.")
        super().__init__(message % {"count": settings.DRAFTS_PER_PERSON})


def upload_room(workspace: Workspace, user: User) -> Room:
    """Return how many bytes can still be uploaded, and the message shown when they run out."""
    return min(quota_room(workspace, user), disk_room(), key=lambda room: room.size)


def quota_room(workspace: Workspace, user: User) -> Room:
    """The same without the disk, on which an upload that was received already lies."""
    files = AudioFile.objects.all()
    return min(
        _left(files.filter(workspace=workspace), settings.UPLOADS_PER_WORKSPACE, _of_workspace),
        _left(files.filter(uploaded_by=user), settings.UPLOADS_PER_PERSON, _of_person),
        key=lambda room: room.size,
    )


def disk_room() -> Room:
    free = shutil.disk_usage(settings.UPLOADS_ROOT).free
    message = _("This server is low on disk space and takes no recordings for now. Contact its administrator.")
    return Room(int(free - settings.DISK_RESERVE), message)


def check_draft(user: User | None) -> None:
    """Raise TooManyDrafts before one more draft is created."""
    if (
        user
        and Video.objects.current().filter(created_by=user, status=Status.DRAFT).count() >= settings.DRAFTS_PER_PERSON
    ):
        raise TooManyDrafts


def _left(files: models.QuerySet[AudioFile], limit: float, say: Callable[[str], str]) -> Room:
    used = files.aggregate(used=Sum("size"))["used"] or 0
    return Room(int(limit - used), say(filesizeformat(limit)))


def _of_workspace(limit: str) -> str:
    message = _(
        "This workspace’s recordings take up the %(limit)s that it may keep. Delete videos for good to make room."
    )
    return message % {"limit": limit}


def _of_person(limit: str) -> str:
    message = _("Your recordings take up the %(limit)s that one person may keep. Delete videos for good to make room.")
    return message % {"limit": limit}
