"""What people do to share links."""

from django.db import transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.http import group_of
from tavusweb.rate_limits import Limit, is_full, may_go_on
from tavusweb.videos.models import Video
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Membership
from tavusweb.workspaces.permissions import Permission

from .models import ShareLink


class NotShareable(Exception):
    """The video is a draft or deleted, and cannot be shared."""


@transaction.atomic
def share(actor: Actor, video: Video, *, password: str = "") -> ShareLink:
    """Create a share link for a video. Raises NotShareable, PermissionDenied."""
    confirm_permission(actor, video.workspace, Permission.SHARE)
    if video.is_draft or video.is_deleted:
        raise NotShareable
    link = ShareLink(video=video, created_by=actor.user)
    link.put_password(password)
    link.save()
    after = {"is_locked": True} if link.has_password else None
    record(actor, AuditAction.SHARE_CREATED, workspace=video.workspace, target=link, after=after)
    return link


@transaction.atomic
def revoke(actor: Actor, link: ShareLink) -> bool:
    """Turn a share link off; False when it was off already."""
    if revoked := link.revoke(by=actor.user):
        record(actor, AuditAction.SHARE_REVOKED, workspace=link.video.workspace, target=link)
    return revoked


def live_links_of(member: Membership) -> "list[ShareLink]":
    """The working links that a member created in the workspace."""
    links = ShareLink.objects.current().filter(video__workspace=member.workspace_id, created_by=member.user_id)
    return list(links.select_related("video"))


def revoke_links_of(actor: Actor, member: Membership) -> "list[ShareLink]":
    """Turn a member's links off. The caller records them after the member, in the same transaction."""
    return [link for link in live_links_of(member) if link.revoke(by=actor.user)]


def record_denied(actor: Actor, link: ShareLink, *, shown: str) -> None:
    """Record a denied visitor: once an hour per address and a limited number per link, so that nobody fills the log."""
    is_room_left = not is_full(Limit.RECORD_SHARE_DENIED_LINK, link.pk)  # first: else each new address leaves a row
    is_new = is_room_left and may_go_on(Limit.RECORD_SHARE_DENIED, f"{link.pk} {group_of(actor.address)}")
    if is_new and may_go_on(Limit.RECORD_SHARE_DENIED_LINK, link.pk):
        after = {"shown": str(shown)}
        record(actor, AuditAction.SHARE_DENIED, workspace=link.video.workspace, target=link, after=after)
