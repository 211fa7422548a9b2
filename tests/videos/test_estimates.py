"""When a video will probably be ready: told as a range, or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.videos.estimates import Estimate, estimate, usual_seconds
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import AT_TAVUS, Status


@pytest.fixture
def took(make_video: Any) -> Any:
    """`took(seconds, replica)`: a video that was ready after so long."""

    def took(seconds: float, replica_id: str = "r1") -> Video:
        now = timezone.now()
        video: Video = make_video(
            Status.READY, replica_id=replica_id, submitted_at=now - timedelta(seconds=seconds), finished_at=now
        )
        return video

    return took


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1, 5, "Less than a minute left"),
        (30, 59, "Less than a minute left"),
        (30, 60, "About 1 min left"),
        (42, 90, "About 1 to 2 min left"),
        (100, 130, "About 1 to 3 min left"),
        (600, 1200, "About 10 to 20 min left"),
    ],
)
def test_a_range_is_told_in_minutes(low: int, high: int, words: str) -> None:
    assert str(Estimate(low, high)) == words


def test_the_same_replicas_last_videos_tell_how_long_it_takes(took: Any, make_video: Any) -> None:
    for seconds in (100, 300, 120):
        took(seconds)
    took(5000, "r2")

    assert usual_seconds(make_video(replica_id="r1")) == 120
    assert usual_seconds(make_video(replica_id="r2")) == 5000


def test_a_replica_without_videos_is_as_quick_as_the_others(took: Any, make_video: Any) -> None:
    took(100, "r2")

    assert usual_seconds(make_video(replica_id="r1")) == 100


def test_nothing_is_promised_where_nothing_is_known(make_video: Any, key: APIKey) -> None:
    assert usual_seconds(make_video()) is None
    key.replicas.create(replica_id="r9", is_usable=False, seen_at=timezone.now())
    assert usual_seconds(make_video(replica_id="r9")) is None
    assert estimate(make_video(Status.QUEUED), at=timezone.now()) is None


def test_a_span_that_a_wrong_clock_made_is_no_estimate_below_a_second(took: Any, make_video: Any) -> None:
    took(-50)

    assert usual_seconds(make_video()) == 1


def test_before_there_is_progress_the_usual_time_counts(make_video: Any) -> None:
    video = make_video(Status.GENERATING, expected_seconds=200, progress=5)

    estimated = estimate(video, at=video.submitted_at + timedelta(seconds=100))

    assert estimated == Estimate(70, 150)


def test_progress_tells_the_speed_itself(make_video: Any) -> None:
    video = make_video(Status.GENERATING, expected_seconds=10_000, progress=50)

    estimated = estimate(video, at=video.submitted_at + timedelta(seconds=60))

    assert estimated == Estimate(42, 90)


@pytest.mark.parametrize("fields", [{"progress": 100}, {"expected_seconds": 50}, {"submitted_at": None}])
def test_what_should_have_been_ready_is_promised_nothing(fields: dict[str, Any], make_video: Any) -> None:
    video = make_video(Status.QUEUED, **fields)

    assert estimate(video, at=timezone.now() + timedelta(seconds=60)) is None


@pytest.mark.parametrize("status", sorted(set(Status) - AT_TAVUS))
def test_what_is_not_rendering_has_no_estimate(status: Status, make_video: Any) -> None:
    video = make_video(status, expected_seconds=100, progress=50, submitted_at=timezone.now())

    assert estimate(video, at=timezone.now()) is None


def test_an_estimate_for_a_clock_that_was_set_back_is_no_error(make_video: Any) -> None:
    video = make_video(Status.GENERATING, progress=50)

    assert estimate(video, at=video.submitted_at - timedelta(hours=1))
