"""Measure the pages of numbers with a million visits: `python -m bench.with_django bench.share_numbers`.

Prints a Markdown table. One link has all visits: 2,500 a day for most of 400 days, and as many today as are counted of a
link in a day at most. It needs a migrated database with the rows of `bench.share_rows`.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.sharing import visit_days
from tavusweb.sharing.models import ShareLink, Visit
from tavusweb.sharing.visit_queue import MOST_A_DAY

A_DAY = 2_500
VISITS = 1_000_000
TURNS = 5
PORTION = 5_000


def main() -> None:
    link = ShareLink.objects.select_related("video__workspace").latest("pk")
    days = (VISITS - MOST_A_DAY) // A_DAY
    for day in range(days, 0, -1):
        fill(link, day, A_DAY)
    rolled_up = milliseconds(visit_days.roll_up)
    quiet = pages(link)
    fill(link, 0, MOST_A_DAY)
    busy = pages(link)
    print(f"| {VISITS:,} visits of one link | ms, a quiet day | ms, {MOST_A_DAY:,} visits today |\n|---|---:|---:|")
    for name, before in quiet.items():
        print(f"| {name} | {before:.0f} | {busy[name]:.0f} |")
    print(f"\nAdding up {days - 1} days took {rolled_up / 1000:.1f} s, {rolled_up / (days - 1):.0f} ms each.")


def fill(link: ShareLink, days_ago: int, number: int) -> None:
    at = timezone.now().astimezone(UTC) - timedelta(days=days_ago)
    rows = (
        Visit(
            link=link,
            video_id=link.video_id,
            number=f"{days_ago:016x}{each:016x}",
            at=at,
            viewer=f"{each % 2000:016x}",
            is_measured=each % 2 == 0,
            played_at=at if each % 2 == 0 else None,
            furthest=each % 5 * 25 or None,
            watched=(1 << each % 51) - 1 if each % 2 == 0 else 0,
            seconds=each % 700,
            is_machine=each % 20 == 0,
        )
        for each in range(number)
    )
    while portion := list(islice(rows, PORTION)):
        Visit.objects.bulk_create(portion, batch_size=1000)


def pages(link: ShareLink) -> dict[str, float]:
    """The median milliseconds of each page, as the link's owner opens it."""
    owner, client = User.objects.earliest("pk"), Client(headers={"Host": settings.ALLOWED_HOSTS[0]})
    client.force_login(owner)
    slug = link.video.workspace.slug
    numbers, listed = reverse("link_numbers", args=[slug, link.pk]), reverse("shared_links", args=[slug])
    file = reverse("link_numbers_file", args=[slug, link.pk])
    asked: dict[str, Callable[[], object]] = {
        "Shared links": lambda: client.get(listed),
        "numbers of 30 days": lambda: client.get(numbers),
        "numbers of all days": lambda: client.get(numbers, {"days": "all"}),
        "CSV of all days": lambda: b"".join(client.get(file).streaming_content),  # type: ignore[attr-defined]
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for ask in asked.values():
        ask()  # warm
    return {name: statistics.median(milliseconds(ask) for _ in range(TURNS)) for name, ask in asked.items()}


def milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
