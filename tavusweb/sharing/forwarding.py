"""Detect signs that a personal link was forwarded."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate

from .models import ShareLink, Visit

FORWARDED_FROM = 3  # browsers on one day: one person has a phone and a computer


def put_browsers(links: Iterable[ShareLink]) -> None:
    """Set `browsers` on each personal link: the most that opened it on one day, if that suggests forwarding."""
    personal: list[Any] = [link for link in links if link.group and link.name]
    if not personal:
        return
    visits = Visit.objects.filter(link__in=personal, is_machine=False, is_member=False).order_by()
    # `viewer` is salted by the day, so it counts browsers within one day and never across two.
    by_day = visits.annotate(day=TruncDate("at", tzinfo=UTC)).values("link", "day")
    most: dict[int, int] = {}
    for row in by_day.annotate(count=Count("viewer", distinct=True)):
        most[row["link"]] = max(most.get(row["link"], 0), row["count"])
    for link in personal:
        link.browsers = count if (count := most.get(link.pk, 0)) >= FORWARDED_FROM else 0
