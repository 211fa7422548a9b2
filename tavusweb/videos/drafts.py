"""Writing a draft: made once, however often and from wherever its form is sent."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Workspace

from .models import Video
from .models.status import Status


class Taken(Exception):
    """The video of this id is no draft of this workspace (any more)."""


def save_asked(workspace: Workspace, pk: UUID, asked: dict[str, Any], *, by: User) -> Video:
    """Create the draft `pk` or change it. Raises Taken when it has left the draft, or is somebody else's."""
    drafts = Video.objects.filter(pk=pk, workspace=workspace, status=Status.DRAFT)
    if not drafts.update(**asked):
        try:
            with transaction.atomic():
                return Video.objects.create(pk=pk, workspace=workspace, created_by=by, **asked)
        except IntegrityError:
            if not drafts.update(**asked):
                raise Taken from None
    return drafts.select_related("workspace").get()
