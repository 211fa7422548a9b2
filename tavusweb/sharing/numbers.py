"""Statistics of a link or video over a period, for its page and CSV file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tavusweb.text_policy import BYTE_ORDER_MARK, spreadsheet_line
from tavusweb.videos.models import Video

from .models import ShareLink, Visit, VisitDay
from .visit_days import BY_LINK, BY_VIDEO, count, open_days, today
from .visit_numbers import Numbers

PORTION = 500  # rows read at once
BUSY = 5000  # visits of the open days from which on a page looks less often
COLUMNS = (
    *("day", "link", "link_name", "video", "views", "visitors", "measured", "plays"),
    *("played_25", "played_50", "played_75", "played_100", "median_seconds"),
    *("clicks", "downloads", "members", "machines"),
)


@dataclass(slots=True)
class Report:
    """Every day of a period, including those without visits, and the totals."""

    days: dict[date, Numbers]
    total: Numbers = field(default_factory=Numbers)
    recent: int = 0  # visits that were counted one by one

    @property
    def first_day(self) -> date:
        return min(self.days)

    @property
    def last_day(self) -> date:
        return max(self.days)

    @property
    def seconds_between(self) -> int:
        """Return how often a page showing this may refresh."""
        return 10 if self.recent < BUSY else 60


def of_link(link: ShareLink, first: date) -> Report:
    return _report(VisitDay.objects.filter(link=link), Visit.objects.filter(link=link), BY_LINK, first)


def of_video(video: Video, first: date) -> Report:
    added_up = VisitDay.objects.filter(video=video, link=None)
    return _report(added_up, Visit.objects.filter(video=video), BY_VIDEO, first)


def _report(added_up: Any, visits: Any, by: tuple[str, ...], first: date) -> Report:
    """Build a report from at most one row per day and take, and three queries for each unfinished day."""
    counted: dict[date, Numbers] = {}
    for row in added_up.filter(day__gte=first).order_by("day"):
        counted.setdefault(row.day, Numbers()).add(Numbers.of(row))
    report = Report({})
    for day in open_days(first):
        for _columns, numbers in count(visits, day, by):
            counted.setdefault(day, Numbers()).add(numbers)
            report.recent += numbers.views + numbers.members + numbers.machines
    begin = max(first, min(counted, default=today()))
    for ordinal in range(begin.toordinal(), today().toordinal() + 1):
        day = date.fromordinal(ordinal)
        report.days[day] = counted.get(day) or Numbers()
        report.total.add(report.days[day])
    return report


def as_csv(links: Any, first: date, separator: str) -> Iterator[str]:
    """Yield one line per day and link with visits, oldest first, read in batches."""
    yield BYTE_ORDER_MARK + spreadsheet_line(COLUMNS, separator)
    added_up = VisitDay.objects.filter(link__in=links, day__gte=first).select_related("link", "video").order_by("pk")
    last = 0
    while portion := list(added_up.filter(pk__gt=last)[:PORTION]):  # days are added up in their order
        last = portion[-1].pk
        for row in sorted(portion, key=lambda each: (each.day, each.link_id or 0)):
            yield spreadsheet_line(_cells(row.day, row.link, row.video, Numbers.of(row)), separator)
    for day in open_days(first):
        counted = count(Visit.objects.filter(link__in=links), day, BY_LINK)
        named = ShareLink.objects.in_bulk([columns["link_id"] for columns, _numbers in counted])
        videos = Video.objects.in_bulk([columns["video_id"] for columns, _numbers in counted])
        for columns, numbers in sorted(counted, key=lambda each: each[0]["link_id"]):
            link, video = named.get(columns["link_id"]), videos.get(columns["video_id"])
            yield spreadsheet_line(_cells(day, link, video, numbers), separator)


def _cells(day: date, link: ShareLink | None, video: Video | None, numbers: Numbers) -> list[object]:
    played = [numbers.quarter, numbers.half, numbers.three_quarters, numbers.whole]
    return [
        day.isoformat(),
        link.pk if link else "",
        link.name if link else "",
        video.display_title if video else "",
        *(numbers.views, numbers.visitors, numbers.measured),
        # Where Tavus's player was shown alone, nobody knows what was played: an empty cell is no nought.
        *([numbers.plays, *played] if numbers.measured or numbers.plays else [""] * 5),
        numbers.median_seconds,
        *(numbers.clicks, numbers.downloads, numbers.members, numbers.machines),
    ]
