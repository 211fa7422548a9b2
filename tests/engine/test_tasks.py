"""What a broker that is away, or that delivers twice, does to a video."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from tavusweb.engine import sweep, tasks
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.videos import wakeup
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.fake_tavus import FakeTavus


def test_unavailable_broker_loses_no_video(
    make_video: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    sweep_over: Callable[[FakeTavus], None],
    tavus: FakeTavus,
) -> None:
    def away(*args: Any, **options: Any) -> None:
        raise ConnectionError("connection refused")

    monkeypatch.setattr(tasks, "async_task", away)
    video = make_video()

    with django_capture_on_commit_callbacks(execute=True):
        wakeup.submit_later(video)
    sweep_over(tavus)

    video.refresh_from_db()
    assert video.status == Status.QUEUED
    assert len(tavus.sent("POST")) == 1


@pytest.mark.django_db(transaction=True)
def test_task_delivered_twice_sends_once(tavus: FakeTavus, tavus_url: str, make_video: Any) -> None:
    video = make_video()

    for _ in range(3):
        tasks.send_next(str(video.api_key_id))

    video.refresh_from_db()
    assert (video.status, video.attempt) == (Status.QUEUED, 1)
    assert len(tavus.sent("POST")) == 1


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_rest_recorded_by_another_process_is_respected(
    tavus: FakeTavus, key: APIKey, make_video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "ROUND_SECONDS", 0.01)
    APIKey.objects.filter(pk=key.pk).update(requests_at_once=1)
    for _ in range(3):
        make_video()

    def meanwhile_elsewhere(request: httpx.Request) -> httpx.Response:
        APIKey.objects.get(pk=key.pk).record_trouble(Health.RATE_LIMITED, "Too many requests", wait=30)
        return httpx.Response(200, json=tavus.accept({}))

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return await sync_to_async(meanwhile_elsewhere)(request)
        return tavus.answer(request)

    sweep.run(seconds=1, pool=httpx.MockTransport(answer))

    assert len(tavus.videos) == 1
    assert Video.objects.filter(status=Status.WAITING).count() == 2


def test_only_the_submitter_posts_videos() -> None:
    posting = [path for path in Path("tavusweb").rglob("*.py") if ".create_video(" in path.read_text(encoding="utf-8")]

    assert posting == [Path("tavusweb/engine/submit.py")]
