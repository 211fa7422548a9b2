"""Whose video goes out next: people take turns, and a key has no more in production than Tavus allows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.engine.fairness import next_to_send
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Ask, Status
from tavusweb.videos.wait_reasons import Wait
from tests.fake_tavus import CONCURRENCY, FakeTavus

Sweep = Callable[[], None]


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


class LimitedTavus(FakeTavus):
    """Refuses one more than `slots` videos in production."""

    slots = 3

    def accept(self, body: dict[str, Any]) -> dict[str, Any]:
        if sum(video["status"] in {"queued", "generating"} for video in self.videos.values()) >= self.slots:
            raise Full
        return super().accept(body)

    def answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return super().answer(request)
        except Full:
            return httpx.Response(400, json=CONCURRENCY)


class Full(Exception):
    pass


@pytest.fixture
def tavus() -> LimitedTavus:
    return LimitedTavus()


def test_many_videos_of_one_person_do_not_delay_a_colleague(
    key: APIKey, make_video: Any, maria: User, erik: User
) -> None:
    for _ in range(50):
        make_video(created_by=maria)
    late = make_video(created_by=erik, next_attempt_at=timezone.now())

    order = next_to_send(key, timezone.now(), limit=4)

    assert late.pk in [video.pk for video in order[:2]]
    assert [video.created_by_id for video in order].count(erik.pk) == 1


def test_turns_count_videos_in_production(key: APIKey, make_video: Any, maria: User, erik: User) -> None:
    for _ in range(5):
        make_video(Status.GENERATING, created_by=maria)
    early = make_video(created_by=maria, next_attempt_at=timezone.now() - timedelta(minutes=5))
    theirs = [make_video(created_by=erik) for _ in range(3)]

    order = [video.pk for video in next_to_send(key, timezone.now(), limit=10)]

    assert set(order[:3]) == {video.pk for video in theirs}
    assert order[3] == early.pk


def test_videos_of_one_person_are_sent_in_order(key: APIKey, make_video: Any) -> None:
    now = timezone.now()
    videos = [make_video(next_attempt_at=now - timedelta(seconds=10 - number)) for number in range(5)]

    order = next_to_send(key, now, limit=5)

    assert [video.pk for video in order] == [video.pk for video in videos]


def test_configured_limit_is_never_exceeded(sweep: Sweep, tavus: LimitedTavus, key: APIKey, make_video: Any) -> None:
    APIKey.objects.update(max_slots=2)
    for _ in range(6):
        make_video()

    for _ in range(3):
        sweep()

    assert len(tavus.videos) == 2
    assert len(tavus.sent("POST")) == 2


def test_videos_asking_a_person_take_no_slot(key: APIKey, make_video: Any) -> None:
    key.max_slots = 2
    searched = make_video(Status.UNSURE)
    for _ in range(3):
        make_video(Status.UNSURE, asks=Ask.NO_PROOF)
    for _ in range(2):
        make_video()

    assert len(next_to_send(key, timezone.now(), limit=4)) == 1
    searched.ask_a_person(Ask.NO_PROOF)
    assert len(next_to_send(key, timezone.now(), limit=4)) == 2


def test_limit_is_learned_without_videos_asking_a_person(
    sweep: Sweep, tavus: LimitedTavus, key: APIKey, make_video: Any
) -> None:
    for _ in range(4):
        make_video(Status.UNSURE, asks=Ask.NO_PROOF)
    for _ in range(5):
        make_video()

    sweep()

    key.refresh_from_db()
    assert key.learned_slots == tavus.slots
    assert Video.objects.filter(status=Status.QUEUED).count() == tavus.slots


def test_limit_is_learned_from_rejections_and_kept(
    sweep: Sweep, tavus: LimitedTavus, key: APIKey, make_video: Any
) -> None:
    videos = [make_video() for _ in range(12)]
    sweep()
    key.refresh_from_db()
    asked = len(tavus.sent("POST"))

    for _ in range(4):
        sweep()

    assert key.learned_slots == 3
    assert len(tavus.sent("POST")) == asked, "no more refusals are asked for"
    waiting = [video for each in videos if (video := Video.objects.get(pk=each.pk)).status == Status.WAITING]
    assert len(waiting) == 9
    assert {video.why_it_waits for video in waiting} == {Wait.SLOTS.label}


def test_all_videos_get_through_few_slots(sweep: Sweep, tavus: LimitedTavus, key: APIKey, make_video: Any) -> None:
    videos = [make_video() for _ in range(10)]

    for turn in range(12):
        with later(turn * 10):
            sweep()
            for video_id in tavus.videos:
                tavus.finish(video_id)

    assert {Video.objects.get(pk=video.pk).status for video in videos} == {Status.READY}
    assert len(tavus.videos) == 10


def test_raised_limit_is_discovered(sweep: Sweep, tavus: LimitedTavus, key: APIKey, make_video: Any) -> None:
    for _ in range(12):
        make_video()
    sweep()
    assert len(tavus.videos) == 3

    tavus.slots = 8
    with later(70):
        for _ in range(6):
            sweep()

    assert len(tavus.videos) == 8
    key.refresh_from_db()
    assert key.learned_slots == 8


def test_rejection_without_videos_in_production_rests_the_key(
    sweep: Sweep, tavus: LimitedTavus, key: APIKey, make_video: Any
) -> None:
    tavus.slots = 0
    make_video()

    sweep()
    sweep()

    assert len(tavus.sent("POST")) == 1
    tavus.slots = 1
    with later(20):
        sweep()
    assert len(tavus.videos) == 1
