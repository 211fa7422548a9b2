"""Our mark in a video's name at Tavus: gone before viewers see it, and back when a proof needs it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.engine.marks import LOOK_AGAIN
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Ask, Status
from tavusweb.videos.naming import Mark, name_at_tavus, name_for_viewers
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]
REFUSED = httpx.Response(400, json={"error": "Invalid video_name"})


@pytest.fixture
def finish(make_video: Any, tavus: FakeTavus) -> Callable[..., Video]:
    """A video that Tavus has finished, and that the next sweep reads."""

    def make(title: str = "Welcome to Acme") -> Video:
        submitted = timezone.now() - timedelta(hours=1)
        video: Video = make_video(Status.GENERATING, title=title, attempt=1, submitted_at=submitted)
        remote = tavus.accept({"video_name": name_at_tavus(video.title, video.pk, 1)})
        tavus.finish(remote["video_id"])
        Video.objects.filter(pk=video.pk).update(tavus_id=remote["video_id"])
        video.refresh_from_db()
        return video

    return make


@pytest.fixture
def lose(make_video: Any) -> Callable[..., Video]:
    """A submission in doubt: lost before it was accepted, by default long enough ago for a proof."""

    def make(**fields: Any) -> Video:
        now = timezone.now()
        given = {"attempt": 1, "submitted_at": now - timedelta(minutes=2), "next_poll_at": now} | fields
        lost: Video = make_video(Status.UNSURE, **given)
        return lost

    return make


def name_of(tavus: FakeTavus, video: Video) -> str:
    return str(tavus.videos[video.tavus_id]["video_name"])


def test_viewers_of_a_finished_video_see_its_title_alone(
    finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep
) -> None:
    video = finish()

    sweep()
    sweep()

    assert name_of(tavus, video) == "Welcome to Acme"
    video.refresh_from_db()
    assert (video.status, video.is_unmarked, video.wants_rename, video.next_poll_at) == (
        Status.READY,
        True,
        False,
        None,
    )
    assert len(tavus.sent("PATCH")) == 1


@pytest.mark.parametrize("status", ["queued", "generating", "error"])
def test_unfinished_video_keeps_its_mark(
    status: str, finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep
) -> None:
    video = finish()
    tavus.set(video.tavus_id, status=status)

    sweep()
    sweep()

    assert Mark.read(name_of(tavus, video)) == Mark.of(video.pk, 1)


def test_new_title_of_a_finished_video_has_no_mark_either(
    finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep, maria: User
) -> None:
    video = finish()
    sweep()
    sweep()

    video.rename("Grüße aus dem Norden", by=maria)
    sweep()

    assert name_of(tavus, video) == "Grüße aus dem Norden"


def test_name_given_at_tavus_stays(finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep) -> None:
    video = finish()
    tavus.set(video.tavus_id, video_name="Our best one")

    sweep()
    sweep()

    assert name_of(tavus, video) == "Our best one"


def test_title_that_imitates_a_mark_is_none(make_video: Any) -> None:
    other = make_video()

    assert Mark.read(name_for_viewers(f"Mine · {Mark.of(other.pk, 1)}")) is None
    assert len(name_for_viewers("é" * 120).encode()) <= 100
    assert name_for_viewers(" ") == "Untitled"


def test_refused_name_is_asked_for_once(finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep) -> None:
    video = finish()
    sweep()
    tavus.next_answers.append(REFUSED)
    for _ in range(3):
        Video.objects.filter(pk=video.pk).update(next_poll_at=timezone.now())
        sweep()

    assert len(tavus.sent("PATCH")) == 1
    assert Mark.read(name_of(tavus, video)) == Mark.of(video.pk, 1)


def test_video_whose_new_name_was_refused_is_still_a_witness(
    finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep, lose: Callable[..., Video]
) -> None:
    finish()
    sweep()
    tavus.next_answers.append(REFUSED)
    sweep()
    unsure = lose()

    sweep()

    unsure.refresh_from_db()
    assert unsure.missing_since


class TestInDoubt:
    def test_marks_come_back_for_a_proof_and_go_after_it(
        self, finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep, lose: Callable[..., Video]
    ) -> None:
        videos = [finish(), finish(), finish()]
        sweep()
        sweep()
        assert {name_of(tavus, video) for video in videos} == {"Welcome to Acme"}
        unsure = lose()

        sweep()

        unsure.refresh_from_db()
        assert unsure.missing_since
        marked = [video for video in videos if Mark.read(name_of(tavus, video)) == Mark.of(video.pk, 1)]
        assert len(marked) == 2, "and no more than are needed"

        Video.objects.filter(pk=unsure.pk).update(status=Status.CANCELLED)
        with time_machine.travel(timezone.now() + LOOK_AGAIN, tick=True):
            sweep()
            sweep()

        assert {name_of(tavus, video) for video in videos} == {"Welcome to Acme"}

    def test_video_that_finishes_meanwhile_keeps_its_mark_until_then(
        self, finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep, lose: Callable[..., Video]
    ) -> None:
        lost = lose(asks=Ask.NO_PROOF, next_poll_at=timezone.now() + timedelta(minutes=5))
        video = finish()

        sweep()
        sweep()
        assert Mark.read(name_of(tavus, video)) == Mark.of(video.pk, 1)

        Video.objects.filter(pk=lost.pk).update(status=Status.CANCELLED)
        with time_machine.travel(timezone.now() + LOOK_AGAIN, tick=True):
            sweep()
            sweep()
        assert name_of(tavus, video) == "Welcome to Acme"

    def test_name_given_at_tavus_is_not_replaced_by_a_mark(
        self, finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep, lose: Callable[..., Video]
    ) -> None:
        theirs, ours = finish(), finish()
        sweep()
        sweep()
        tavus.set(theirs.tavus_id, video_name="Our best one")
        unsure = lose()

        sweep()

        unsure.refresh_from_db()
        assert unsure.missing_since
        assert name_of(tavus, theirs) == "Our best one"
        assert Mark.read(name_of(tavus, ours)) == Mark.of(ours.pk, 1)

    def test_mark_that_cannot_be_put_back_costs_a_question(
        self, finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep, lose: Callable[..., Video]
    ) -> None:
        video = finish()
        sweep()
        sweep()
        unsure = lose()
        original = tavus._route
        tavus._route = lambda request: REFUSED if request.method == "PATCH" else original(request)  # type: ignore[method-assign]

        sweep()

        unsure.refresh_from_db()
        video.refresh_from_db()
        assert unsure.asks == Ask.NO_WITNESS
        assert video.is_unmarked

    def test_after_a_failure_another_video_gets_its_mark_back(
        self, finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep, lose: Callable[..., Video]
    ) -> None:
        first, second = finish("One"), finish("Two")
        sweep()
        sweep()
        unsure = lose()
        original, failed = tavus._route, []

        def fail_once(request: httpx.Request) -> httpx.Response:
            if request.method != "PATCH" or failed:
                return original(request)
            failed.append(request)
            return httpx.Response(502)

        tavus._route = fail_once  # type: ignore[method-assign]

        sweep()

        unsure.refresh_from_db()
        assert failed
        assert unsure.asks == ""
        assert any(Mark.read(name_of(tavus, video)) for video in (first, second))

    def test_video_with_the_same_title_is_no_lookalike(
        self, finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep, lose: Callable[..., Video], maria: User
    ) -> None:
        deleted, _ = finish("The very same title"), finish()
        sweep()
        sweep()
        deleted.refresh_from_db()
        Video.objects.filter(pk=deleted.pk).update(status=Status.DELETED)
        unsure = lose(title="The very same title", submission_name="The very same title · tw-abcdefghijkl-1")

        sweep()

        unsure.refresh_from_db()
        assert unsure.missing_since

    def test_late_copy_of_an_earlier_attempt_is_found_beside_a_renamed_one(
        self, finish: Callable[..., Video], tavus: FakeTavus, sweep: Sweep
    ) -> None:
        video = finish()
        Video.objects.filter(pk=video.pk).update(
            attempt=2, recheck_at=timezone.now() + timedelta(minutes=1), recheck_key=video.api_key
        )
        tavus.set(video.tavus_id, video_name=name_at_tavus(video.title, video.pk, 2))
        sweep()
        sweep()
        assert name_of(tavus, video) == "Welcome to Acme"
        late = tavus.accept({"video_name": name_at_tavus(video.title, video.pk, 1)})

        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
            sweep()

        video.refresh_from_db()
        assert [copy.tavus_id for copy in video.extra_copies] == [late["video_id"]]
        assert video.status == Status.READY
