"""Actions that create many links: one video for many recipients, or many videos."""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import Target, record
from tavusweb.videos.models import Video
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..models import ShareLink
from ..recipients import Recipient
from ..visitor_policy import EmailRule
from .closing import confirm_not_frozen
from .links import NotShareable
from .policy import confirm_policy
from .sending import send_each


@transaction.atomic
def share_many(
    actor: Actor, workspace: Workspace, videos: list[Video], *, group: UUID, password: str = "", **rules: Any
) -> int:
    """Create a link to each video that can be shared; return how many. A repeated `group` creates nothing more.

    Raises AgainstPolicy, LinkClosed, PermissionDenied.
    """
    confirm_permission(actor, workspace, Permission.SHARE)
    confirm_not_frozen(workspace)
    if made := ShareLink.objects.filter(video__workspace=workspace, group=group).count():
        return made
    model = ShareLink(created_by=actor.user, **rules)
    model.put_password(password)
    shared = {"created_by": actor.user, "password_hash": model.password_hash, "group": group, **rules}
    links = [ShareLink(video=video, **shared) for video in videos if not video.is_draft and video.is_kept]
    if links:
        confirm_policy(links[0])
        ShareLink.objects.bulk_create(links)
        after = {"links": len(links), "group": str(group)}
        target = Target(str(_("Many videos")), "sharing.sharelink")
        record(actor, AuditAction.SHARES_CREATED, workspace=workspace, target=target, after=after)
    return len(links)


@transaction.atomic
def share_with_each(
    actor: Actor,
    video: Video,
    recipients: list[Recipient],
    *,
    is_gated: bool,
    mails: dict[str, str] | None = None,
    password: str = "",
    **rules: Any,
) -> UUID:
    """Create a link of its own for each recipient and return their group; `rules` are columns of the links.

    With `is_gated`, each opens only for its recipient's address, confirmed by a code. With `mails`, a note and a
    language, each link is mailed to its recipient. Raises NotShareable, AgainstPolicy, LinkClosed, TooManyMails, PermissionDenied.
    """
    confirm_permission(actor, video.workspace, Permission.SHARE)
    if video.is_draft or video.is_trashed or video.is_deleted:
        raise NotShareable
    confirm_not_frozen(video.workspace)
    group = uuid4()
    model = ShareLink(video=video, created_by=actor.user, **rules)
    model.put_password(password)
    shared = {"password_hash": model.password_hash, "group": group, **rules}
    links = [
        ShareLink(
            video=video,
            created_by=actor.user,
            **shared
            | {"name": recipient.label[:80], "recipient_email": recipient.email}
            | (
                {"email_rule": EmailRule.CONFIRMED, "allowed_addresses": recipient.email, "denied_addresses": ""}
                if is_gated
                else {}
            ),
        )
        for recipient in recipients
    ]
    confirm_policy(links[0])
    links = ShareLink.objects.bulk_create(links)
    after = {"links": len(links), "is_gated": is_gated, "group": str(group)}
    record(actor, AuditAction.SHARES_CREATED, workspace=video.workspace, target=video, after=after)
    if mails is not None:
        send_each(
            actor, video.workspace, [(link, link.recipient_email) for link in links if link.recipient_email], **mails
        )
    return group
