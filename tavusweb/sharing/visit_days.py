"""Aggregate visits per day, so that statistics cost the same however many visits there were.

A visit accepts its page's reports for a day (`visit_queue.LASTS`), so a day is final, and aggregated, once the next one
has passed. Later days are counted from the visits themselves.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from .models import Visit, VisitDay
from .visit_numbers import Numbers

BY_LINK, BY_VIDEO = ("link_id", "video_id"), ("video_id",)
OPEN_DAYS = 2  # today, and yesterday, whose visits may still be told of
DAYS_AT_ONCE = 400  # that one run adds up

PEOPLE = Q(is_member=False, is_machine=False)
_COUNTS = {
    "views": Count("pk", filter=PEOPLE),
    "visitors": Count("viewer", filter=PEOPLE, distinct=True),
    "measured": Count("pk", filter=PEOPLE & Q(is_measured=True)),
    "plays": Count("played_at", filter=PEOPLE),
    "quarter": Count("pk", filter=PEOPLE & Q(furthest__gte=25)),
    "half": Count("pk", filter=PEOPLE & Q(furthest__gte=50)),
    "three_quarters": Count("pk", filter=PEOPLE & Q(furthest__gte=75)),
    "whole": Count("pk", filter=PEOPLE & Q(furthest__gte=100)),
    "clicks": Count("clicked_at", filter=PEOPLE),
    "downloads": Count("downloaded_at", filter=PEOPLE),
    "members": Count("pk", filter=Q(is_member=True)),
    "machines": Count("pk", filter=Q(is_machine=True, is_member=False)),
}


def roll_up() -> int:
    """Aggregate the finished days that are not aggregated yet; return how many. Safe to run twice at once."""
    done = 0
    while done < DAYS_AT_ONCE and (day := _next_day()):
        rows = [
            VisitDay(**columns, **numbers.as_columns(), day=day)
            for by in (BY_LINK, BY_VIDEO)
            for columns, numbers in count(Visit.objects.all(), day, by)
        ]
        with transaction.atomic():
            VisitDay.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        done += 1
    return done


def _next_day() -> date | None:
    """Return the first finished day with visits that is not aggregated."""
    since = first_open_day()
    first = Visit.objects.filter(at__gte=start_of(since)).aggregate(at=Min("at"))["at"] if since else None
    day = first and first.astimezone(UTC).date()
    return day if day and day <= today() - timedelta(days=OPEN_DAYS) else None


def first_open_day() -> date | None:
    """Return the first day that must be counted from its visits; None without any visit."""
    if last := VisitDay.objects.aggregate(day=Max("day"))["day"]:
        return date.fromordinal(last.toordinal() + 1)
    first = Visit.objects.aggregate(at=Min("at"))["at"]
    return first.astimezone(UTC).date() if first else None


def open_days(since: date | None = None) -> Iterator[date]:
    """Return the days from `since` on that must be counted from their visits."""
    day = first_open_day()
    if day and since:
        day = max(day, since)
    while day and day <= today():
        yield day
        day += timedelta(days=1)


def count(visits: QuerySet[Visit], day: date, by: tuple[str, ...]) -> list[tuple[dict[str, Any], Numbers]]:
    """Return the statistics of one day's visits for each value of the columns `by`, in three queries."""
    of_day = visits.filter(at__gte=start_of(day), at__lt=start_of(day + timedelta(days=1))).order_by()
    people = of_day.filter(PEOPLE)
    numbers: dict[tuple[Any, ...], Numbers] = defaultdict(Numbers)
    for *key, seconds, visits_of in _grouped(people.exclude(seconds=None), by, "seconds"):
        numbers[tuple(key)].add_durations([(seconds, visits_of)])
    for *key, watched, visits_of in _grouped(people.filter(watched__gt=0), by, "watched"):
        numbers[tuple(key)].add_watched(watched, visits_of)
    for row in of_day.values(*by).annotate(**_COUNTS):
        key = tuple(row.pop(name) for name in by)
        numbers[key].add(Numbers(**row))
    return [(dict(zip(by, key, strict=True)), each) for key, each in numbers.items()]


def _grouped(visits: QuerySet[Visit], by: tuple[str, ...], column: str) -> Any:
    return visits.values_list(*by, column).annotate(visits=Count("pk"))


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def today() -> date:
    return timezone.now().astimezone(UTC).date()
