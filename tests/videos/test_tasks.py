"""What a broker that is away, or that delivers twice, does to a video."""

from collections.abc import Callable
from typing import Any

import pytest

from tavusweb.videos import tasks
from tavusweb.videos.life import Status
from tests.fake_tavus import FakeTavus


def test_a_broker_that_is_away_costs_time_and_no_video(
    make_video: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    sweep: Callable[[], None],
    tavus: FakeTavus,
) -> None:
    def away(*args: Any, **options: Any) -> None:
        raise ConnectionError("connection refused")

    monkeypatch.setattr(tasks, "async_task", away)
    video = make_video()

    with django_capture_on_commit_callbacks(execute=True):
        tasks.submit_later(video)
    sweep()

    video.refresh_from_db()
    assert video.status == Status.QUEUED
    assert len(tavus.sent("POST")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_task_that_is_delivered_twice_sends_nothing_twice(tavus: FakeTavus, tavus_url: str, make_video: Any) -> None:
    video = make_video()

    for _ in range(3):
        tasks.send_next(str(video.api_key_id))

    video.refresh_from_db()
    assert (video.status, video.attempt) == (Status.QUEUED, 1)
    assert len(tavus.sent("POST")) == 1
