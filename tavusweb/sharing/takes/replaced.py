"""What was answered to the takes that a link showed before: it ended when another took their place."""

from tavusweb.reviews.models import Verdict
from tavusweb.videos.models import Video

from ..models import LinkTake, ShareLink

MOST = 200  # verdicts on earlier takes, the newest


def verdicts_through(link: ShareLink) -> list[Verdict]:
    """Return the verdicts on the link's take and on those it showed before, in one query."""
    own = Video.objects.filter(pk=link.video_id).order_by().values("pk")
    past = LinkTake.objects.past().filter(link=link).order_by().values("video")
    return list(Verdict.objects.filter(video__in=own.union(past)).select_related("user"))


def verdicts_on_replaced(video: Video) -> list[Verdict]:
    """Return the newest verdicts on the takes that live links showed before this video."""
    links = ShareLink.objects.current().filter(video=video)
    past = LinkTake.objects.past().filter(link__in=links).exclude(video=video).order_by().values("video")
    return list(Verdict.objects.filter(video__in=past).select_related("user").order_by("-created_at", "-pk")[:MOST])
