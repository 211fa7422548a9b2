"""Planned takes go behind their links once they are ready, and lost ones are reported to the owners of their links.

Woken by the name of a task when a video is ready or gone; the hourly maintenance makes up for what a broker lost.
"""

from django.db.models import Q

from tavusweb.videos.models.status import Status

from .. import actions
from ..models import LinkTake, ShareLink
from .loss import tell_of_loss


def settle(video_id: str) -> None:
    """Settle what waits for one video."""
    _settle(Q(video=video_id))


def settle_all() -> None:
    _settle(Q())


def _settle(which: Q) -> None:
    plans = LinkTake.objects.planned().filter(which, video__status__in=[Status.READY, Status.DELETED])
    for plan in plans.select_related("link"):
        actions.carry_out(plan)
    lost = ShareLink.objects.current().filter(which).exclude(video__lost_at=None).filter(loss_told_at=None)
    for link in lost.select_related("video__workspace", "created_by"):
        tell_of_loss(link)
