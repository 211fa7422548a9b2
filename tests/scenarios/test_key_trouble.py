"""What a key's trouble stops, for how long, and what ends it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import time_machine
from django.utils import timezone

from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]


class PoorTavus(FakeTavus):
    """Answers everything but takes no video until there are credits."""

    credits = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and not self.credits:
            self.requests.append(request)
            return httpx.Response(402, json={"message": "Payment required"})
        return super().answer(request)


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


def test_missing_credits_stop_only_submissions(make_video: Any, key: APIKey, sweep_over: Any) -> None:
    tavus = PoorTavus()
    running = make_video(Status.QUEUED, tavus_id=tavus.accept({})["video_id"])
    videos = [make_video() for _ in range(5)]
    sweep_over(tavus)
    tavus.finish(running.tavus_id)

    for seconds in (5, 12, 20, 28):
        with later(seconds):
            sweep_over(tavus)

    key.refresh_from_db()
    assert key.health == Health.OUT_OF_CREDITS
    assert len(tavus.sent("POST")) <= 5, "what was under way together, and nothing after it"
    assert Video.objects.get(pk=running.pk).status == Status.READY
    assert {Video.objects.get(pk=video.pk).status for video in videos} == {Status.WAITING}


def test_credits_are_probed_with_one_video(make_video: Any, key: APIKey, sweep_over: Any) -> None:
    tavus = PoorTavus()
    for _ in range(6):
        make_video()
    sweep_over(tavus)
    asked = len(tavus.sent("POST"))
    with later(32):
        sweep_over(tavus)
    assert len(tavus.sent("POST")) == asked + 1

    tavus.credits = 1
    with later(200):
        sweep_over(tavus)
        sweep_over(tavus)

    assert len(tavus.videos) == 6
    key.refresh_from_db()
    assert (key.health, key.submissions_wait_until) == (Health.WORKS, None)


def test_earlier_answer_does_not_end_later_trouble(key: APIKey) -> None:
    asked_at = timezone.now()
    key.record_trouble(Health.RATE_LIMITED, "slow down", wait=40)

    APIKey.objects.get(pk=key.pk).record_success(asked_at=asked_at, bought=True)

    key.refresh_from_db()
    assert key.health == Health.RATE_LIMITED
    assert key.submissions_wait_until > timezone.now() + timedelta(seconds=30)


def test_rests_grow_during_trouble_and_reset_after_it(key: APIKey) -> None:
    waits = []
    for _ in range(3):
        until = key.record_trouble(Health.UNREACHABLE, "down")
        waits.append(until - timezone.now())
        APIKey.objects.update(submissions_wait_until=timezone.now())
        key.refresh_from_db()
    key.record_success(asked_at=timezone.now() + timedelta(seconds=1))

    again = key.record_trouble(Health.UNREACHABLE, "down") - timezone.now()

    assert waits[0] < waits[1] < waits[2]
    assert again < waits[1]
