"""Fallback for a take lost at Tavus: the latest earlier approved take that is still available."""

from uuid import UUID

from tavusweb.reviews.models import Verdict
from tavusweb.reviews.queries import standing_of
from tavusweb.reviews.standing import Standing
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

from ..models import ShareLink

DENIALS = 2  # answers "no such video" in a row: a single one is sometimes wrong
MOST = 20  # earlier takes that are looked at


def is_lost(video: Video) -> bool:
    """Return whether a finished video is missing at Tavus, was recently reported missing, or has nothing to play."""
    if video.lost_at is not None:
        return True
    has_nothing = not (video.hosted_url or video.download_url)
    return video.status == Status.READY and (video.not_found_count >= DENIALS or has_nothing)


def stand_in_of(link: ShareLink) -> Video | None:
    """Return the approved take to show instead of the lost one, in two queries."""
    takes = (
        link.takes.past()
        .filter(video__status=Status.READY, video__wants_delete="", video__trashed_at=None)
        .exclude(video=link.video_id)
    )
    with_rows = takes.select_related("video__workspace", "video__api_key", "video__audio", "video__approval_request")
    videos = {take.video.pk: take.video for take in with_rows[:MOST] if not is_lost(take.video)}
    verdicts: dict[UUID, list[Verdict]] = {pk: [] for pk in videos}
    if videos:
        for verdict in Verdict.objects.filter(video__in=videos).select_related("user"):
            verdicts[verdict.video_id].append(verdict)
    approved = (video for pk, video in videos.items() if standing_of(video, verdicts[pk]) == Standing.APPROVED)
    return next(approved, None)
