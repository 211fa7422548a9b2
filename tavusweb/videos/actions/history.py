"""Name and restore versions of a draft."""

from django.db import transaction

from tavusweb.audit.actor import Actor
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.permissions import Permission

from .. import history
from ..drafts import replica_name
from ..models import Video
from ..models.history import SavedVersion
from ..models.status import Status
from .moves import Moved


@transaction.atomic
def name_version(actor: Actor, video: Video, name: str) -> SavedVersion:
    """Keep the draft as it is under a name. Raises Moved, TooManyVersions, PermissionDenied."""
    confirm_permission(actor, video.workspace, Permission.MAKE)
    return history.keep_named(_locked(video), name, by=actor.user)


@transaction.atomic
def restore_version(actor: Actor, version: SavedVersion) -> Video:
    """Put a version back into its draft; what the draft was becomes a version itself. Raises Moved, PermissionDenied."""
    confirm_permission(actor, version.video.workspace, Permission.MAKE)
    video = _locked(version.video)
    history.keep_by_itself(video, by=actor.user, now_due=True)
    changes = version.changes()
    changes["replica_name"] = replica_name(changes)
    # The version counts on, so that windows that have the draft open are told instead of overwriting it.
    Video.objects.filter(pk=video.pk).update(**changes, version=video.version + 1, saved_in="")
    return video


def _locked(video: Video) -> Video:
    rows = Video.objects.filter(pk=video.pk, status=Status.DRAFT, trashed_at=None)
    row = rows.select_for_update(of=("self",)).select_related("workspace", "audio").first()
    if row is None:
        raise Moved
    return row
