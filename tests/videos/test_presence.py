"""A look makes a video fresher, and is written seldom."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tavusweb.videos.models import Video
from tavusweb.videos.models.status import AT_TAVUS, PENDING, Status
from tavusweb.videos.presence import STALE_AFTER, mark_watched, refresh_if_stale

SOON = timedelta(minutes=5)


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False)


def is_due(video: Video) -> bool:
    video.refresh_from_db()
    return video.next_poll_at is not None and video.next_poll_at <= timezone.now()


@pytest.mark.parametrize("status", sorted(AT_TAVUS))
def test_newly_watched_video_is_polled_immediately(status: Status, make_video: Any) -> None:
    video = make_video(status, next_poll_at=timezone.now() + SOON)

    mark_watched([video.pk])

    assert is_due(video)
    assert video.watched_at


def test_watched_video_keeps_its_interval(make_video: Any) -> None:
    video = make_video(Status.GENERATING, watched_at=timezone.now(), next_poll_at=timezone.now() + SOON)

    with later(12):
        mark_watched([video.pk])
        assert not is_due(video)
        assert video.watched_at == timezone.now()


def test_hundred_views_cost_one_write(make_video: Any, django_assert_num_queries: Any) -> None:
    ids = [make_video(Status.QUEUED, next_poll_at=timezone.now() + SOON).pk for _ in range(5)]
    mark_watched(ids)

    with django_assert_num_queries(1):
        mark_watched(ids)


def test_empty_page_costs_no_statement(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        mark_watched([])


@pytest.mark.parametrize("status", sorted(set(Status) - PENDING))
def test_watching_a_settled_video_changes_nothing(status: Status, make_video: Any) -> None:
    video = make_video(status)

    mark_watched([video.pk])

    video.refresh_from_db()
    assert (video.watched_at, video.next_poll_at) == (None, None)


@pytest.mark.parametrize(
    ("age", "is_read_again"), [(None, True), (STALE_AFTER + timedelta(seconds=1), True), (timedelta(minutes=1), False)]
)
def test_stale_ready_video_is_read_again(age: timedelta | None, is_read_again: bool, make_video: Any) -> None:
    video = make_video(Status.READY, polled_at=age and timezone.now() - age)

    refresh_if_stale(video)

    assert is_due(video) is is_read_again


@pytest.mark.parametrize("status", [status for status in Status if status != Status.READY])
def test_only_ready_videos_are_read_again(status: Status, make_video: Any) -> None:
    video = make_video(status, next_poll_at=None)

    refresh_if_stale(video)

    assert not is_due(video)
