"""Visits in batches: from several processes at once, while the database is away, and when the process ends."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tavusweb.sharing import visit_queue
from tavusweb.sharing.models import ShareLink, Visit
from tavusweb.sharing.visit_queue import VisitQueue, VisitReport
from tavusweb.videos.models.status import Status

pytestmark = pytest.mark.django_db(transaction=True)


def report(link: ShareLink, number: int, **done: Any) -> VisitReport:
    return VisitReport(link.pk, f"{number:032x}", timezone.now(), "203.0.113.9 Firefox", False, False, **done)


@pytest.fixture
def link(make_video: Any) -> ShareLink:
    return ShareLink.objects.create(video=make_video(Status.READY))


@pytest.fixture
def queue() -> Iterator[VisitQueue]:
    queue = VisitQueue()
    queue.start()
    yield queue
    queue.stop()


@pytest.mark.thorough
def test_burst_over_several_queues_loses_no_visit(link: ShareLink) -> None:
    queues = [VisitQueue() for _ in range(3)]
    for queue in queues:
        queue.start()

    def send(part: int) -> None:
        for number in range(part, 4000, 4):
            queues[number % 3].put(report(link, number))
            queues[(number + 1) % 3].put(report(link, number, played_at=timezone.now(), furthest=25 + number % 2 * 50))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    for queue in queues:
        queue.stop()

    assert Visit.objects.count() == 4000
    assert not Visit.objects.filter(played_at=None).exists()
    assert Visit.objects.filter(furthest=75).count() == Visit.objects.filter(furthest=25).count() == 2000


def test_late_or_repeated_report_changes_nothing(link: ShareLink) -> None:
    early, late = timezone.now() - timedelta(minutes=5), timezone.now()

    visit_queue.write([report(link, 1, played_at=early, furthest=75)])
    visit_queue.write([report(link, 1)])
    visit_queue.write([report(link, 1, played_at=late, furthest=50, clicked_at=late)])

    visit = Visit.objects.get()
    assert (visit.played_at, visit.furthest, visit.clicked_at) == (early, 75, late)


def test_many_visits_take_few_statements(link: ShareLink) -> None:
    with CaptureQueriesContext(connection) as queries:
        visit_queue.write([report(link, number) for number in range(1000)])

    assert len([query for query in queries if f'INTO "{Visit._meta.db_table}"' in query["sql"]]) == 2


def test_visits_are_buffered_while_the_database_is_unavailable(link: ShareLink, queue: VisitQueue) -> None:
    was_tried = threading.Event()
    handler = logging.Handler()
    handler.emit = lambda record: was_tried.set()  # type: ignore[method-assign]
    visit_queue.log.addHandler(handler)
    table = Visit._meta.db_table
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" RENAME TO "away"')
        queue.put(report(link, 1))
        assert was_tried.wait(30)
    finally:
        visit_queue.log.removeHandler(handler)
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "away" RENAME TO "{table}"')
    queue.put(report(link, 2))
    queue.stop()

    assert Visit.objects.count() == 2


def test_visits_to_a_deleted_link_do_not_block_others(link: ShareLink, queue: VisitQueue) -> None:
    gone = ShareLink.objects.create(video=link.video)
    late = report(gone, 1)
    gone.delete()

    queue.put(late)
    queue.put(report(link, 2))
    queue.stop()

    assert list(Visit.objects.values_list("link", flat=True)) == [link.pk]


def test_visits_per_link_and_day_are_limited(link: ShareLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit_queue, "MOST_A_DAY", 3)
    other = ShareLink.objects.create(video=link.video)

    for number in range(5):
        visit_queue.write([report(link, number), report(other, 0)])

    assert Visit.objects.filter(link=link).count() == 3
    assert Visit.objects.filter(link=other).count() == 1


def test_visits_are_written_immediately_after_the_queue_stops(link: ShareLink, queue: VisitQueue) -> None:
    queue.stop()

    queue.put(report(link, 1))

    assert Visit.objects.count() == 1
