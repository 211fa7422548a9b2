"""How many videos stand behind each status filter: counted up to a bound, so that it costs the same in any library."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tavusweb.counting import CountOf, PreparedCount
from tavusweb.videos.models import Video, VideoQuerySet
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
    columns = {f"count_{name}": count.column(workspace.pk) for name, count in _COUNTS.items()}
    row: dict[str, int] = Workspace.objects.filter(pk=workspace.pk).values(**columns).get()  # type: ignore[assignment]
    counts = {name: row[f"count_{name}"] for name in _COUNTS}
    counts[IN_PROGRESS] = sum(counts[status] for status in PENDING)
    counts[""] = sum(counts[status] for status in Status.values if status != Status.DELETED)
    return {name: Count(number) for name, number in counts.items()}


def _count(rows_of: Callable[[VideoQuerySet], VideoQuerySet]) -> PreparedCount:
    def build(workspace_pk: int) -> CountOf:
        rows = rows_of(Video.objects.order_by().filter(workspace=workspace_pk))
        return CountOf(rows.values("pk")[: BOUND + 1])

    return PreparedCount(build)


def _with_status(status: str) -> PreparedCount:
    return _count(lambda rows: rows.current().filter(status=status))


_COUNTS = {status: _with_status(status) for status in Status.values} | {
    UNDECIDED: _count(lambda rows: rows.current().asking()),
    TRASH: _count(lambda rows: rows.in_trash()),
}
