"""One act on one video: check, change, audit event, waking the engine."""

from collections.abc import Callable
from copy import copy

from django.db import transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record

from ..models import Video
from ..wakeup import submit_later


class Moved(Exception):
    """The video changed in the meantime and the action no longer applies. Nothing was done."""


def act(
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
