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
def test_estimate_is_a_range_in_minutes(low: int, high: int, words: str) -> None:
    assert str(Estimate(low, high)) == words


def test_estimate_uses_recent_videos_of_the_same_replica(took: Any, make_video: Any) -> None:
    for seconds in (100, 300, 120):
        took(seconds)
    took(5000, "r2")

    assert usual_seconds(make_video(replica_id="r1")) == 120
    assert usual_seconds(make_video(replica_id="r2")) == 5000


def test_replica_without_videos_uses_the_keys_median(took: Any, make_video: Any) -> None:
    took(100, "r2")

    assert usual_seconds(make_video(replica_id="r1")) == 100


def test_no_estimate_without_data(make_video: Any, key: APIKey) -> None:
    assert usual_seconds(make_video()) is None
    key.replicas.create(replica_id="r9", is_usable=False, seen_at=timezone.now())
    assert usual_seconds(make_video(replica_id="r9")) is None
    assert estimate(make_video(Status.QUEUED), at=timezone.now()) is None


def test_estimate_is_at_least_one_second_despite_a_wrong_clock(took: Any, make_video: Any) -> None:
    took(-50)

    assert usual_seconds(make_video()) == 1


def test_usual_time_counts_until_there_is_progress(make_video: Any) -> None:
    video = make_video(Status.GENERATING, expected_seconds=200, progress=5)

    estimated = estimate(video, at=video.submitted_at + timedelta(seconds=100))

    assert estimated == Estimate(70, 150)


def test_progress_determines_the_speed(make_video: Any) -> None:
    video = make_video(Status.GENERATING, expected_seconds=10_000, progress=50)

    estimated = estimate(video, at=video.submitted_at + timedelta(seconds=60))

    assert estimated == Estimate(42, 90)


@pytest.mark.parametrize("fields", [{"progress": 100}, {"expected_seconds": 50}, {"submitted_at": None}])
def test_overdue_video_has_no_estimate(fields: dict[str, Any], make_video: Any) -> None:
    video = make_video(Status.QUEUED, **fields)

    assert estimate(video, at=timezone.now() + timedelta(seconds=60)) is None


@pytest.mark.parametrize("status", sorted(set(Status) - AT_TAVUS))
def test_only_rendering_videos_have_an_estimate(status: Status, make_video: Any) -> None:
    video = make_video(status, expected_seconds=100, progress=50, submitted_at=timezone.now())

    assert estimate(video, at=timezone.now()) is None


def test_clock_set_back_causes_no_error(make_video: Any) -> None:
    video = make_video(Status.GENERATING, progress=50)

    assert estimate(video, at=video.submitted_at - timedelta(hours=1))
