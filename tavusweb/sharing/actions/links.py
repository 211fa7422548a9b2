"""Actions on one share link."""

from typing import Any

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

from ..models import ShareLink
from .closing import LinkClosed, confirm_not_frozen
from .policy import confirm_policy


class NotShareable(Exception):
    """The video is a draft, in the trash or deleted, and cannot be shared."""


@transaction.atomic
def share(actor: Actor, video: Video, *, password: str = "", **rules: Any) -> ShareLink:
    """Create a share link for a video; `rules` are columns of the link.

    Raises NotShareable, AgainstPolicy, LinkClosed, PermissionDenied.
    """
    confirm_permission(actor, video.workspace, Permission.SHARE)
    if video.is_draft or video.is_trashed or video.is_deleted:
        raise NotShareable
    confirm_not_frozen(video.workspace)
    link = ShareLink(video=video, created_by=actor.user, **rules)
    link.put_password(password)
    confirm_policy(link)
    link.save()
    record(actor, AuditAction.SHARE_CREATED, workspace=video.workspace, target=link, after=_shown(link) or None)
    return link


@transaction.atomic
def change(actor: Actor, link: ShareLink, *, password: str | None = None, **rules: Any) -> None:
    """Change the rules of a link; `password` None keeps the one there is, "" takes it away.

    Raises AgainstPolicy, PermissionDenied.
    """
    confirm_permission(actor, link.video.workspace, Permission.SHARE)
    before = _shown(link)
    for name, value in rules.items():
        setattr(link, name, value)
    if password is not None:
        link.put_password(password)
    confirm_policy(link)
    link.save(update_fields=[*rules, "password_hash"])
    after = _shown(link)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    record(
        actor,
        AuditAction.SHARE_CHANGED,
        workspace=link.video.workspace,
        target=link,
        before={name: before.get(name) for name in changed},
        after={name: after.get(name) for name in changed} | ({"is_new_lock": True} if password else {}),
    )


@transaction.atomic
def revoke(actor: Actor, link: ShareLink) -> bool:
    """Turn a share link off; return False if it already was. Raises PermissionDenied."""
    confirm_permission(actor, link.video.workspace, Permission.SHARE)
    if revoked := link.revoke(by=actor.user):
        record(actor, AuditAction.SHARE_REVOKED, workspace=link.video.workspace, target=link)
    return revoked


@transaction.atomic
def restore(actor: Actor, link: ShareLink) -> bool:
    """Turn a revoked link on again, at the same address; False when it was on.

    Raises AgainstPolicy, LinkClosed, PermissionDenied.
    """
    confirm_permission(actor, link.video.workspace, Permission.SHARE)
    confirm_not_frozen(link.video.workspace)
    if ShareLink.objects.filter(pk=link.pk).exclude(closed_at=None).exists():
        raise LinkClosed
    confirm_policy(link)
    if restored := link.restore():
        record(actor, AuditAction.SHARE_RESTORED, workspace=link.video.workspace, target=link)
    return restored


def live_links_of(member: Membership) -> "list[ShareLink]":
    """Return the working links a member created in the workspace."""
    links = ShareLink.objects.current().filter(video__workspace=member.workspace_id, created_by=member.user_id)
    return list(links.select_related("video"))


def revoke_links_of(actor: Actor, member: Membership) -> "list[ShareLink]":
    """Turn off a member's links. The caller records them after the member, in the same transaction."""
    return [link for link in live_links_of(member) if link.revoke(by=actor.user)]


def record_denied(actor: Actor, link: ShareLink, *, shown: str) -> None:
    """Record a denied visitor: hourly per address and capped per link, so that the log cannot be flooded."""
    is_room_left = not is_full(Limit.RECORD_SHARE_DENIED_LINK, link.pk)  # first: else each new address leaves a row
    is_new = is_room_left and may_go_on(Limit.RECORD_SHARE_DENIED, f"{link.pk} {group_of(actor.address)}")
    if is_new and may_go_on(Limit.RECORD_SHARE_DENIED_LINK, link.pk):
        after = {"shown": str(shown)}
        record(actor, AuditAction.SHARE_DENIED, workspace=link.video.workspace, target=link, after=after)


def _shown(link: ShareLink) -> dict[str, Any]:
    """Return the rules set on a link, for the audit log."""
    rules = {
        "name": link.name,
        "expires": link.expires_at,
        "view_limit": link.view_limit,
        "is_locked": link.has_password,
        "email": link.email_rule if link.rules.asks_email else "",
        "allowed": link.allowed_addresses.split(),
        "denied": link.denied_addresses.split(),
        "comments": link.comments if link.comments != "off" else "",
        "approval": link.approval,
        "download": link.allow_download,
        "sites": link.sites,
    }
    return {name: value for name, value in rules.items() if value}
