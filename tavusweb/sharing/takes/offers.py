"""What members see of a choice: which takes a link offers or could offer, with the votes for each."""

from collections.abc import Iterable
from dataclasses import dataclass

from tavusweb.reviews.votes import Tally, tallies
from tavusweb.videos.models import Video

from ..models import ShareLink

MOST = 20  # takes to tick


@dataclass(frozen=True, slots=True)
class Offer:
    """A take that can be offered; `number` is its place in the choice, 0 for one that is not offered."""

    video: Video
    number: int
    tally: Tally


def offers_of(link: ShareLink, others: Iterable[Video]) -> list[Offer]:
    """The offered takes in their order, then the link's own, and others that are ready."""
    rows = link.offered_takes.select_related("video__audio", "video__api_key")
    offered = {row.video.pk: row.video for row in rows}
    more = [video for video in (link.video, *others) if video.is_ready and video.pk not in offered]
    videos = [*offered.values(), *more[: max(MOST - len(offered), 1)]]
    counted = tallies(str(link.pk), offered.values())
    return [
        Offer(video, number if video.pk in offered else 0, counted.get(video.pk, Tally()))
        for number, video in enumerate(videos, start=1)
    ]
