"""Notify a link's owner once that its take is no longer at Tavus, and what to do."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.notify.actions import tell
from tavusweb.notify.kinds import Kind
from tavusweb.workspaces.permissions import Permission, Role, can

from ..models import ShareLink


def subject_of(link: ShareLink) -> str:
    return f"take_lost:{link.pk}:{link.video_id}"


@transaction.atomic
def tell_of_loss(link: ShareLink) -> bool:
    """Notify the link's creator, or the owners if the creator can no longer share; return False if already notified."""
    untold = ShareLink.objects.filter(pk=link.pk, video=link.video_id, loss_told_at=None)
    if not untold.update(loss_told_at=timezone.now()):
        return False
    workspace = link.video.workspace
    tell(
        owners_of(link),
        Kind.TAKE_LOST,
        workspace=workspace,
        subject_key=subject_of(link),
        about=f"link:{link.pk}",
        url=reverse("share_link_takes", args=[workspace.slug, link.pk]),
        data={"title": link.video.display_title, "link": link.name},
    )
    return True


def owners_of(link: ShareLink) -> list[User]:
    memberships = link.video.workspace.memberships.select_related("user")
    maker = memberships.filter(user=link.created_by_id or 0).first()
    if maker and can(maker.role, Permission.SHARE):
        return [maker.user]
    return [membership.user for membership in memberships.filter(role=Role.OWNER)]
