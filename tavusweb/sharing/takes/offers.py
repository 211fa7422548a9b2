"""The members' view of a choice: takes a link offers or could offer, with their votes."""

from collections.abc import Iterable
from dataclasses import dataclass

from tavusweb.reviews.votes import Tally, tallies
from tavusweb.videos.models import Video

from ..models import ShareLink

MOST = 20  # takes to tick


@dataclass(frozen=True, slots=True)
class Offer:
    """A take that can be offered; `number` is its position in the choice, or 0 if not offered."""

    video: Video
    number: int
    tally: Tally


def offers_of(link: ShareLink, others: Iterable[Video]) -> list[Offer]:
    """Return the offered takes in order, then the link's own, then others that are ready."""
    rows = link.offered_takes.select_related("video__audio", "video__api_key")
    offered = {row.video.pk: row.video for row in rows}
    more = [video for video in (link.video, *others) if video.is_ready and video.pk not in offered]
    videos = [*offered.values(), *more[: max(MOST - len(offered), 1)]]
    counted = tallies(str(link.pk), offered.values())
    return [
        Offer(video, number if video.pk in offered else 0, counted.get(video.pk, Tally()))
        for number, video in enumerate(videos, start=1)
    ]
