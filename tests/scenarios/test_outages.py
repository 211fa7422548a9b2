"""A database that is away for a while: the sweep waits for it and goes on."""

from typing import Any

import pytest
from django.db import OperationalError

from tavusweb.engine import sweep, tasks
from tavusweb.engine.models import Lease
from tavusweb.videos.models.status import Status
from tests.fake_tavus import FakeTavus


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "ROUND_SECONDS", 0.01)


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_sweep_survives_a_short_database_outage(
    tavus: FakeTavus, make_video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = make_video()
    renew, left = Lease.renew, [3]

    def away_three_times(*args: Any, **options: Any) -> bool:
        left[0] -= 1
        if left[0] >= 0:
            raise OperationalError("the server closed the connection")
        return renew(*args, **options)

    monkeypatch.setattr(Lease, "renew", away_three_times)

    has_swept = sweep.run(seconds=1, pool=tavus.transport)

    video.refresh_from_db()
    assert has_swept
    assert video.status == Status.QUEUED


@pytest.mark.django_db(transaction=True)
def test_sweep_that_lost_its_lease_sends_nothing(
    tavus: FakeTavus, make_video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_video()
    monkeypatch.setattr(Lease, "renew", lambda *args, **options: False)

    sweep.run(seconds=1, pool=tavus.transport)

    assert tavus.requests == []


def test_next_sweep_is_enqueued_once_the_broker_is_back(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    queued, left = [], [2]

    def away_twice(function: Any, *args: Any, **options: Any) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise ConnectionError("connection refused")
        queued.append(function)

    monkeypatch.setattr(tasks, "async_task", away_twice)
    monkeypatch.setattr(tasks.time, "sleep", lambda seconds: None)

    tasks.sweep_later(trying_for=5)

    assert queued == [tasks.sweep_now]
