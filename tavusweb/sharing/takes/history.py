"""History of a link's takes: when each was shown, and the feedback given through the link."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tavusweb.reviews.models import Comment, Verdict
from tavusweb.reviews.queries import standing_of
from tavusweb.reviews.standing import Standing
from tavusweb.videos.models import Video

from ..models import ShareLink

MOST = 100  # takes on the page


@dataclass(frozen=True, slots=True)
class Shown:
    """A take and the period a link showed it; `until` is None for the current one."""

    video: Video
    since: datetime
    until: datetime | None
    by: Any
    standing: Standing
    comments: int


def take_that_was_shown(link: ShareLink, pk: UUID | None) -> Video:
    """Return the take with this id if the link ever showed it, else the current one."""
    if pk in {None, link.video_id}:
        return link.video
    past = (
        link.takes.past().filter(video=pk).select_related("video__workspace", "video__audio", "video__api_key").first()
    )
    return past.video if past else link.video


def history_of(link: ShareLink) -> list[Shown]:
    """Return the current and earlier takes, newest first."""
    past = list(
        link.takes.past().select_related(
            "video__workspace", "video__audio", "video__api_key", "video__approval_request", "by"
        )[:MOST]
    )
    rows: list[tuple[Video, datetime, datetime | None, Any]] = [
        (link.video, past[0].until or link.created_at if past else link.created_at, None, None)
    ]
    rows += [(take.video, take.since or link.created_at, take.until, take.by) for take in past]
    videos = {video.pk: video for video, *_ in rows}
    verdicts: dict[Any, list[Verdict]] = {pk: [] for pk in videos}
    for verdict in Verdict.objects.filter(video__in=videos).select_related("user"):
        verdicts[verdict.video_id].append(verdict)
    said = Comment.objects.through(str(link.pk)).filter(video__in=videos).order_by()
    comments = Counter(said.values_list("video", flat=True))
    return [
        Shown(video, since, until, by, standing_of(video, verdicts[video.pk]), comments[video.pk])
        for video, since, until, by in rows
    ]
