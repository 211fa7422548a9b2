"""How many videos stand behind each status filter: counted up to a bound, so that it costs the same in any library."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tavusweb.counting import CountOf
from tavusweb.videos.models import VideoQuerySet
from tavusweb.videos.models.status import PENDING, Status
from tavusweb.workspaces.models import Workspace

from .filters import IN_PROGRESS, TRASH, UNDECIDED

BOUND = 1000  # beyond it, the number is "1,000+"


@dataclass(frozen=True)
class Count:
    number: int

    def __str__(self) -> str:
        if self.number <= BOUND:
            return number_format(self.number, force_grouping=True)
        return _("%(number)s+") % {"number": number_format(BOUND, force_grouping=True)}


def status_counts(workspace: Workspace) -> dict[str, Count]:
    """Return the count of each status filter, by its value; in one query, each count from an index."""
    everything = workspace.videos.order_by()
    videos = everything.current()
    counted: dict[str, VideoQuerySet] = {status: videos.filter(status=status) for status in Status.values}
    counted |= {UNDECIDED: videos.asking(), TRASH: everything.in_trash()}
    columns = {f"count_{name}": CountOf(rows.values("pk")[: BOUND + 1]) for name, rows in counted.items()}
    row: dict[str, int] = Workspace.objects.filter(pk=workspace.pk).values(**columns).get()  # type: ignore[assignment]
    counts = {name: row[f"count_{name}"] for name in counted}
    counts[IN_PROGRESS] = sum(counts[status] for status in PENDING)
    counts[""] = sum(counts[status] for status in Status.values if status != Status.DELETED)
    return {name: Count(number) for name, number in counts.items()}
