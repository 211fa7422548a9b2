"""Notify members about share links."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from tavusweb.notify.actions import tell
from tavusweb.notify.kinds import Kind
from tavusweb.workspaces.permissions import Role

from .models import ShareLink


def about(link: ShareLink) -> str:
    """Return the name of a link as a subject of notifications."""
    return f"link:{link.pk}"


def note_guessing(link: ShareLink) -> None:
    """Record that a link's password is being guessed; notify its creator and the workspace's owners."""
    now = timezone.now()
    ShareLink.objects.filter(pk=link.pk).update(guessed_at=now)
    workspace = link.video.workspace
    theirs = Q(role=Role.OWNER) | Q(user=link.created_by_id or 0)
    tell(
        workspace.memberships.filter(theirs).values_list("user_id", flat=True),
        Kind.LINK_GUESSED,
        workspace=workspace,
        subject_key=f"{about(link)}@{now:%Y-%m-%d}",
        about=about(link),
        data={"title": link.video.display_title, "link": link.name},
        url=reverse("video", args=[workspace.slug, link.video_id]),
    )
