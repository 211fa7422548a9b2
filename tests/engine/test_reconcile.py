"""Proving a submission absent: what a list that moves, breaks or comes late does to the proof."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone

from tavusweb.engine.witnesses import Witnesses
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Ask, Status
from tavusweb.videos.naming import Mark
from tavusweb.videos.wait_reasons import Wait
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]


@pytest.fixture
def unsure(make_video: Any) -> Video:
    """Long enough ago for the last word."""
    now = timezone.now()
    return make_video(
        Status.UNSURE, attempt=1, submitted_at=now - timedelta(minutes=2), next_poll_at=now, wait=Wait.TURN
    )


def in_the_list(tavus: FakeTavus, videos: int) -> None:
    for number in range(videos):
        tavus.accept({"video_name": f"other {number}"})


def test_pages_with_lost_answers_are_requested_again(
    sweep: Sweep, tavus: FakeTavus, unsure: Video, witness: Video
) -> None:
    tavus.next_answers += [httpx.ReadError("reset"), httpx.Response(502, html="<h1>Bad gateway</h1>")]

    sweep()

    unsure.refresh_from_db()
    assert unsure.missing_since is not None, "one whole reading lacked it"


def test_truncated_list_proves_nothing(sweep: Sweep, tavus: FakeTavus, unsure: Video) -> None:
    tavus.page_cap = 10
    in_the_list(tavus, 15)
    tavus.next_answers += [lambda request: tavus._route(request), *[httpx.ReadError("reset")] * 20]

    sweep()

    unsure.refresh_from_db()
    assert unsure.status == Status.UNSURE


def test_videos_created_between_pages_do_not_end_the_list(sweep: Sweep, tavus: FakeTavus, unsure: Video) -> None:
    tavus.page_cap = 10
    accepted = tavus.accept({"video_name": f"Welcome · {Mark.of(unsure.pk, unsure.attempt)}"})
    in_the_list(tavus, 10)

    def and_then_more(request: httpx.Request) -> httpx.Response:
        answer = tavus._route(request)
        in_the_list(tavus, 10)  # the second page will show what the first has shown
        return answer

    tavus.next_answers.append(and_then_more)

    sweep()

    unsure.refresh_from_db()
    assert (unsure.status, unsure.tavus_id) == (Status.QUEUED, accepted["video_id"])


def test_shrinking_list_proves_nothing(sweep: Sweep, tavus: FakeTavus, unsure: Video) -> None:
    tavus.page_cap = 10
    in_the_list(tavus, 25)

    def and_then_fewer(request: httpx.Request) -> httpx.Response:
        answer = tavus._route(request)
        for video_id in list(tavus.videos)[-10:]:
            del tavus.videos[video_id]  # the second page skips what has moved to the first
        return answer

    tavus.next_answers.append(and_then_fewer)

    sweep()

    unsure.refresh_from_db()
    assert unsure.status == Status.UNSURE


def test_stable_long_list_proves_absence(sweep: Sweep, tavus: FakeTavus, unsure: Video, witness: Video) -> None:
    tavus.page_cap = 10
    in_the_list(tavus, 25)

    sweep()

    unsure.refresh_from_db()
    assert unsure.missing_since is not None
    assert len(tavus.sent("GET", "/v2/videos")) == 8, "twice: three pages, and the empty one after them"


def test_list_that_changes_once_is_read_again(sweep: Sweep, tavus: FakeTavus, unsure: Video, witness: Video) -> None:
    tavus.page_cap = 10
    in_the_list(tavus, 25)

    def and_then_one_more(request: httpx.Request) -> httpx.Response:
        answer = tavus._route(request)
        in_the_list(tavus, 1)
        return answer

    tavus.next_answers.append(and_then_one_more)

    sweep()

    unsure.refresh_from_db()
    assert unsure.missing_since is not None


class TurningList(FakeTavus):
    """A list of three pages in which one leaves and one arrives while it is read, so that one video slips through."""

    def _list(self, rows: list[dict[str, Any]], request: httpx.Request) -> httpx.Response:
        answer = super()._list(rows, request)
        if request.url.path.endswith("videos"):
            self.turn(int(request.url.params["page"]))
        return answer

    def turn(self, page: int) -> None:
        oldest, *_, newest = self.videos
        name = f"s{len(self.requests)}"
        stranger = {name: {"video_id": name, "video_name": f"somebody else's {name}", "status": "ready"}}
        if page == 0:
            del self.videos[newest]
            self.videos = stranger | self.videos
        elif page == 3:
            del self.videos[oldest]
            self.videos = self.videos | stranger


@pytest.mark.thorough
def test_video_that_keeps_slipping_between_pages_is_not_bought_again(
    sweep_over: Callable[[FakeTavus], None], unsure: Video, witness: Video, tavus: FakeTavus
) -> None:
    in_the_list(tavus, 9)
    turning = TurningList(page_cap=10, videos=tavus.videos)
    ours = turning.accept({"video_name": f"Welcome · {Mark.of(unsure.pk, unsure.attempt)}", "replica_id": "r1"})
    in_the_list(turning, 10)
    began_at = timezone.now()

    for seconds in range(0, 900, 11):
        with time_machine.travel(began_at + timedelta(seconds=seconds), tick=True):
            sweep_over(turning)

    unsure.refresh_from_db()
    assert ours["video_id"] in turning.videos
    assert not turning.sent("POST")
    assert (unsure.status, unsure.asks) == (Status.UNSURE, Ask.NO_PROOF)


def test_answer_about_one_attempt_does_not_move_the_next(make_video: Any, tavus: FakeTavus) -> None:
    now = timezone.now()
    video = make_video(Status.UNSURE, attempt=1, submitted_at=now, next_poll_at=now)
    late = Video.objects.get(pk=video.pk)
    assert video.requeue(Wait.TURN, until=now)
    assert video.claim()
    assert video.mark_unsure("reset", search_at=now)

    moved = late.requeue(Wait.TURN, until=now)

    video.refresh_from_db()
    assert not moved
    assert (video.status, video.attempt) == (Status.UNSURE, 2)


def test_search_stops_when_the_key_is_rate_limited(
    sweep: Sweep, tavus: FakeTavus, unsure: Video, make_video: Any
) -> None:
    tavus.page_cap = 10
    in_the_list(tavus, 300)
    make_video(Status.QUEUED, tavus_id="v00001")
    tavus.next_answers += [
        lambda request: tavus._route(request),
        httpx.Response(429, headers={"Retry-After": "3"}),
    ]

    sweep()

    unsure.refresh_from_db()
    assert unsure.status == Status.UNSURE
    asked = len(tavus.sent("GET", "/v2/videos"))
    assert asked <= 2 * (1 + 8), "what is under way may end, and what took its place, but the list has 30 pages"


def test_overlong_list_asks_a_person_without_single_gets(
    sweep: Sweep, tavus: FakeTavus, unsure: Video, make_video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tavusweb.tavus.listing.LONGEST_LIST", 10)
    tavus.page_cap = 5
    in_the_list(tavus, 25)
    for tavus_id in tavus.videos:
        make_video(Status.READY, tavus_id=tavus_id)

    sweep()
    sweep()  # would ask for what was made due

    unsure.refresh_from_db()
    assert (unsure.status, unsure.asks) == (Status.UNSURE, "too_long")
    assert [request.url.path for request in tavus.requests if request.method == "GET"] == ["/v2/videos"]


def test_proof_loads_a_bounded_number_of_witnesses(
    make_video: Any, key: APIKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tavusweb.engine.witnesses.LONGEST_LIST", 3)
    for number in range(6):
        make_video(Status.READY, tavus_id=f"v{number}")

    assert len(Witnesses.of(key).marks) == 4
