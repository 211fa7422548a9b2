"""Many due videos are looked at by the list: far fewer requests, the same truth."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tavusweb.engine import poll_answers
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]
MANY = 130


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


@pytest.fixture
def many(tavus: FakeTavus, make_video: Any) -> list[Video]:
    return [
        make_video(Status.GENERATING, tavus_id=tavus.accept({})["video_id"], progress=10, remote_status="generating")
        for _ in range(MANY)
    ]


def rendering(tavus: FakeTavus, progress: int = 10) -> None:
    for video_id in tavus.videos:
        tavus.set(video_id, status="generating", generation_progress=f"{progress}/100")


def test_many_videos_cost_one_page_per_hundred(sweep: Sweep, tavus: FakeTavus, many: list[Video]) -> None:
    rendering(tavus, 40)

    sweep()

    assert len(tavus.requests) <= 3
    assert set(Video.objects.values_list("progress", flat=True)) == {40}


def test_ended_videos_are_fetched_singly_and_recorded_in_full(
    sweep: Sweep, tavus: FakeTavus, many: list[Video]
) -> None:
    rendering(tavus)
    tavus.finish(many[0].tavus_id)
    tavus.set(many[-1].tavus_id, status="error", status_details="audio is too short")

    sweep()

    first, last = Video.objects.get(pk=many[0].pk), Video.objects.get(pk=many[-1].pk)
    assert (first.status, first.gif_url) == (Status.READY, f"https://cdn.example/{first.tavus_id}.gif")
    assert (last.status, last.failure_code) == (Status.FAILED, "audio_too_short")
    singles = [each for each in tavus.requests if not each.url.path.endswith("/videos")]
    assert len(singles) == 2


def test_list_with_smaller_pages_is_read_to_the_end(sweep: Sweep, tavus: FakeTavus, many: list[Video]) -> None:
    rendering(tavus, 55)
    tavus.page_cap = 10

    sweep()

    assert set(Video.objects.values_list("progress", flat=True)) == {55}
    assert len(tavus.requests) <= MANY / 10 + 8


def test_long_list_is_read_only_as_far_as_needed(sweep: Sweep, tavus: FakeTavus, make_video: Any) -> None:
    for _ in range(2000):
        tavus.finish(tavus.accept({})["video_id"])
    for _ in range(30):
        make_video(Status.GENERATING, tavus_id=tavus.accept({})["video_id"])
    rendering_ids = list(tavus.videos)[-30:]
    for video_id in rendering_ids:
        tavus.set(video_id, status="generating", generation_progress="20/100")

    sweep()

    assert len(tavus.requests) == 1
    assert set(Video.objects.values_list("progress", flat=True)) == {20}


def test_video_missing_from_the_list_is_fetched_singly(sweep: Sweep, tavus: FakeTavus, many: list[Video]) -> None:
    rendering(tavus, 70)
    hidden = many[3].tavus_id
    tavus.finish(hidden)
    tavus.hidden.add(hidden)

    sweep()

    assert Video.objects.get(pk=many[3].pk).status == Status.READY
    singles = [each.url.path for each in tavus.sent("GET", "/v2/videos/")]
    assert singles == [f"/v2/videos/{hidden}"]


def test_failing_list_stops_nothing(sweep: Sweep, tavus: FakeTavus, many: list[Video]) -> None:
    rendering(tavus, 70)
    tavus.lists_nothing = True

    sweep()

    assert set(Video.objects.values_list("progress", flat=True)) == {70}


class OnePage(FakeTavus):
    """It shows its first page under every number and claims to hold a million videos."""

    def _list(self, rows: list[dict[str, Any]], request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": rows[:100], "total_count": 1_000_000})


def test_list_that_repeats_one_page_is_given_up_soon(
    sweep_over: Callable[[FakeTavus], None], tavus: FakeTavus, many: list[Video]
) -> None:
    rendering(tavus, 70)
    one_page = OnePage(videos=tavus.videos)

    sweep_over(one_page)

    assert set(Video.objects.values_list("progress", flat=True)) == {70}
    assert len(one_page.sent("GET", "/v2/videos")) - (MANY - 100) < 20, "a few pages, and the others singly"


def test_watched_videos_are_polled_singly_and_first(sweep: Sweep, tavus: FakeTavus, many: list[Video]) -> None:
    rendering(tavus)
    Video.objects.filter(pk=many[5].pk).update(watched_at=timezone.now())

    sweep()

    singles = [each.url.path for each in tavus.requests if not each.url.path.endswith("/videos")]
    assert singles == [f"/v2/videos/{many[5].tavus_id}"]
    assert Video.objects.get(pk=many[5].pk).next_poll_at < timezone.now() + timedelta(seconds=4)


def test_unchanged_video_is_not_written(sweep: Sweep, tavus: FakeTavus, many: list[Video]) -> None:
    rendering(tavus)
    sweep()
    Video.objects.all().make_due()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        sweep()

    updates = [
        query["sql"] for query in queries if query["sql"].startswith("UPDATE") and "videos_video" in query["sql"]
    ]
    assert len(updates) == 1, "the claim, and nothing else"
    assert Video.objects.filter(next_poll_at__lte=timezone.now()).count() == 0


def test_failed_list_leaves_everything_due(sweep: Sweep, tavus: FakeTavus, many: list[Video], key: APIKey) -> None:
    rendering(tavus, 30)
    tavus.next_answers.append(httpx.Response(500))
    sweep()

    with later(9):
        sweep()

    assert set(Video.objects.values_list("progress", flat=True)) == {30}
    key.refresh_from_db()
    assert key.health == "works"


def test_late_answer_of_a_lost_claim_changes_nothing(tavus: FakeTavus, many: list[Video], key: APIKey) -> None:
    from tavusweb.engine import claims
    from tavusweb.engine.bulk_update import write
    from tavusweb.tavus import RemoteVideo

    now = timezone.now()
    stale = claims.claim(Video.objects.due(now), key, now, limit=1)[0]
    tavus.set(stale.tavus_id, status="generating", generation_progress="80/100")
    old = poll_answers.reading_of(stale, RemoteVideo.from_json(tavus.videos[stale.tavus_id]))
    Video.objects.filter(pk=stale.pk).make_due()
    with later(1):
        fresh = claims.claim(Video.objects.filter(pk=stale.pk), key, timezone.now(), limit=1)
    assert fresh

    write([old], at=now)

    assert Video.objects.get(pk=stale.pk).progress == 10
