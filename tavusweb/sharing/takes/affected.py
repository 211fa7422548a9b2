"""The live share links that a deletion affects, for the dialog or page that asks about it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Window

from tavusweb.videos.models import Video
from tavusweb.workspaces.models import Workspace

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
    number, named = _named(current.filter(video=video))
    waiting = LinkTake.objects.planned().filter(video=video).order_by().values("link")
    offering = OfferedTake.objects.filter(video=video).order_by().values("link")
    others = current.filter(pk__in=waiting.union(offering)).exclude(video=video).count()
    return Affected(number, named, others)


def affected_by_deletion_of_workspace(workspace: Workspace) -> Affected:
    """Return all live links of a workspace, in one query."""
    return Affected(*_named(ShareLink.objects.current().filter(video__workspace=workspace)), others=0)


def _named(links: QuerySet[ShareLink]) -> tuple[int, list[ShareLink]]:
    """Return the number of links, and those to name."""
    counted = links.only("name", "recipient_email", "created_at").annotate(number=Window(Count("pk")))
    named: list[Any] = list(counted[:MOST])
    return named[0].number if named else 0, named
