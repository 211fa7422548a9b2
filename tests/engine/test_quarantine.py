"""Rows that break us, and videos that take too long: set aside, marked, reported; the rest goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tavusweb.engine import stuck
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]


def test_raising_row_is_quarantined_and_others_continue(
    sweep: Sweep, tavus: FakeTavus, make_video: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    videos = [make_video(Status.QUEUED, tavus_id=tavus.accept({})["video_id"]) for _ in range(5)]
    poison = videos[2]
    for video in videos:
        tavus.finish(video.tavus_id)
    mirror = Video.mirror

    def breaks(video: Video, *args: Any, **kwargs: Any) -> bool:
        if video.pk == poison.pk:
            raise ValueError("a row nobody can read")
        return mirror(video, *args, **kwargs)

    monkeypatch.setattr(Video, "mirror", breaks)

    sweep()
    asked = len(tavus.requests)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=True):
        sweep()

    assert [Video.objects.get(pk=video.pk).status for video in videos].count(Status.READY) == 4
    poison.refresh_from_db()
    assert "a row nobody can read" in poison.defect
    assert len(tavus.requests) == asked, "it is left alone for a while"
    assert str(poison.pk) in caplog.text


def test_poisoned_submission_does_not_stop_others(
    sweep: Sweep, tavus: FakeTavus, make_video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    videos = [make_video() for _ in range(4)]
    adopt = Video.adopt

    def breaks(video: Video, *args: Any, **kwargs: Any) -> bool:
        if video.pk == videos[0].pk:
            raise ValueError("broken")
        return adopt(video, *args, **kwargs)

    monkeypatch.setattr(Video, "adopt", breaks)

    sweep()
    sweep()

    statuses = [Video.objects.get(pk=video.pk).status for video in videos]
    assert statuses == [Status.SENDING, Status.QUEUED, Status.QUEUED, Status.QUEUED]
    assert len(tavus.videos) == 4, "and what was bought is found again later, not bought twice"


@pytest.mark.parametrize(
    ("expected_seconds", "after_seconds", "word"),
    [
        (60, 100, ""),
        (60, 200, "slow"),
        (60, 1300, "stuck"),
        (400, 900, ""),
        (400, 1100, "slow"),
        (400, 3300, "stuck"),
        (None, 700, ""),
        (None, 800, "slow"),
    ],
)
def test_overdue_video_is_marked_slow_then_stuck(
    expected_seconds: int | None, after_seconds: int, word: str, make_video: Any
) -> None:
    now = timezone.now()
    video = make_video(
        Status.GENERATING,
        submitted_at=now,
        expected_seconds=expected_seconds,
        late_at=now + stuck.slow_after(expected_seconds),
    )

    for seconds in range(0, after_seconds + 1, 50):
        stuck.mark(now + timedelta(seconds=seconds))

    video.refresh_from_db()
    assert video.lateness == word
    assert video.events.count() == {"": 0, "slow": 1, "stuck": 2}[word]


def test_finished_video_is_never_late(sweep: Sweep, tavus: FakeTavus, make_video: Any) -> None:
    video = make_video()
    sweep()
    tavus.finish(Video.objects.get(pk=video.pk).tavus_id)
    with time_machine.travel(timezone.now() + timedelta(seconds=9), tick=True):
        sweep()

    marked = stuck.mark(timezone.now() + timedelta(days=1))

    assert marked == 0
