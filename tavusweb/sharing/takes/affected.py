"""The live share links that the deletion of a video affects, for the dialog that asks about it."""

from dataclasses import dataclass

from django.db.models import Count, Window

from tavusweb.videos.models import Video

from ..models import LinkTake, OfferedTake, ShareLink

MOST = 3  # links that are named


@dataclass(frozen=True, slots=True)
class Affected:
    """`named` are the newest of the `number` links that show the video; `others` only wait for it or offer it."""

    number: int
    named: list[ShareLink]
    others: int

    @property
    def more(self) -> int:
        return self.number - len(self.named)


def affected_by_deletion(video: Video) -> Affected:
    """Return the live links to a video, in two queries."""
    current = ShareLink.objects.current()
    showing = (
        current.filter(video=video).only("name", "recipient_email", "created_at").annotate(number=Window(Count("pk")))
    )
    named = list(showing[:MOST])
    waiting = LinkTake.objects.planned().filter(video=video).order_by().values("link")
    offering = OfferedTake.objects.filter(video=video).order_by().values("link")
    others = current.filter(pk__in=waiting.union(offering)).exclude(video=video).count()
    return Affected(named[0].number if named else 0, named, others)  # type: ignore[attr-defined]
