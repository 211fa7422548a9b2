"""Notify the owner of a share link three days before it expires, once per expiry date."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from tavusweb.notify import actions as notify
from tavusweb.notify.kinds import Kind

from .models import ShareLink

BEFORE = timedelta(days=3)
AT_ONCE = 500  # links in one run; the next hour brings the others


def tell_of_expiring() -> None:
    """Notify owners of their links that expire within three days.

    Links created to last three days or less are left out. Whether the owner is still a member is checked on delivery.
    """
    now = timezone.now()
    untold = Q(expiry_told_for=None) | ~Q(expiry_told_for=F("expires_at"))
    due = ShareLink.objects.current().filter(
        untold,
        expires_at__lte=now + BEFORE,
        created_at__lte=F("expires_at") - BEFORE,
        created_by__isnull=False,
        video__wants_delete="",
        video__trashed_at=None,
    )
    for link in due.select_related("video__workspace", "created_by").order_by("expires_at", "pk")[:AT_ONCE]:
        _tell(link)


@transaction.atomic
def _tell(link: ShareLink) -> None:
    """Notify the owner, unless another process does or the date has changed."""
    rows = ShareLink.objects.filter(pk=link.pk, expires_at=link.expires_at, expiry_told_for=link.expiry_told_for)
    if link.expires_at is None or not rows.update(expiry_told_for=link.expires_at):
        return
    workspace = link.video.workspace
    notify.tell(
        [link.created_by],
        Kind.LINK_EXPIRES,
        workspace=workspace,
        subject_key=f"link:{link.pk}:{link.expires_at:%Y-%m-%dT%H:%M}",
        about=f"link:{link.pk}",
        url=reverse("share_link", args=[workspace.slug, link.pk]),
        data={"title": link.video.display_title, "link": link.name, "at": link.expires_at},
    )
