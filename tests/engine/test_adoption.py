"""What is known to be at Tavus is followed, not bought again, whatever became of the row meanwhile."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.engine import adoption, submit
from tavusweb.keys.models import APIKey
from tavusweb.tavus import NotBegun, RemoteVideo, Tavus, VideoRequest
from tavusweb.videos.models import EventKind, RemoteCopy, Video
from tavusweb.videos.models.status import DeleteMode, Status
from tavusweb.videos.naming import name_at_tavus
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]


def at_tavus(tavus: FakeTavus, video: Video, attempt: int = 1) -> RemoteVideo:
    name = name_at_tavus(video.title, video.pk, attempt)
    bought = tavus.accept({"video_name": name, "replica_id": video.replica_id, "script": video.script})
    return RemoteVideo(video_id=bought["video_id"], name=name, status="queued")


def sweep_after(sweep: Sweep, *minutes: float) -> None:
    began_at = timezone.now()
    for after in minutes:
        with time_machine.travel(began_at + timedelta(minutes=after), tick=True):
            sweep()


@pytest.fixture
def cancelled(make_video: Any, tavus: FakeTavus, maria: User) -> Video:
    """Given up for lost and cancelled while it waited to be sent again. Then its first submission turned up."""
    video: Video = make_video()
    video.claim()
    video.mark_unsure(search_at=timezone.now())
    video.resolve_as_missing(by=maria)
    video.cancel(by=maria)
    adoption.follow(video, [at_tavus(tavus, video)])
    return video


@pytest.mark.parametrize("state", ["queued", "ready"])
def test_retry_follows_a_known_copy_and_buys_nothing(
    state: str, tavus: FakeTavus, cancelled: Video, sweep: Sweep, maria: User
) -> None:
    [copy] = cancelled.copies.all()
    tavus.set(copy.tavus_id, status=state)

    cancelled.retry(by=maria)
    sweep()

    cancelled.refresh_from_db()
    assert (cancelled.status, cancelled.tavus_id) == (Status.QUEUED, copy.tavus_id)
    assert not tavus.sent("POST")
    assert not cancelled.copies.exists(), "what is followed is not extra"
    assert not cancelled.has_extra_copies


@pytest.mark.parametrize("state", ["error", "deleted", "gone"])
def test_retry_buys_when_the_copy_is_useless(
    state: str, tavus: FakeTavus, cancelled: Video, sweep: Sweep, maria: User
) -> None:
    [copy] = cancelled.copies.all()
    if state == "gone":
        tavus.accept({})  # so that the next id is a new one
        del tavus.videos[copy.tavus_id]
        tavus.accept({"video_name": "somebody else's"})
    else:
        tavus.set(copy.tavus_id, status=state)

    cancelled.retry(by=maria)
    sweep_after(sweep, *(range(0, 30, 3) if state == "gone" else [0]))

    cancelled.refresh_from_db()
    assert cancelled.status == Status.QUEUED
    assert cancelled.tavus_id != copy.tavus_id
    assert len(tavus.sent("POST")) == 1


def test_retry_buys_nothing_while_the_id_of_the_copy_may_be_new_and_unknown(
    tavus: FakeTavus, cancelled: Video, sweep: Sweep, maria: User
) -> None:
    [copy] = cancelled.copies.all()
    bought = tavus.videos.pop(copy.tavus_id)
    cancelled.retry(by=maria)
    sweep_after(sweep, *range(14))
    tavus.videos[copy.tavus_id] = bought

    sweep_after(sweep, 20)

    cancelled.refresh_from_db()
    assert (cancelled.status, cancelled.tavus_id) == (Status.QUEUED, copy.tavus_id)
    assert not tavus.sent("POST")


def test_retry_follows_an_earlier_copy_when_the_latest_was_deleted(
    tavus: FakeTavus, cancelled: Video, sweep: Sweep, maria: User
) -> None:
    [first] = cancelled.copies.all()
    later = at_tavus(tavus, cancelled, attempt=2)
    cancelled.record_extra(later.video_id, 2)
    tavus.set(later.video_id, status="deleted")

    cancelled.retry(by=maria)
    sweep()

    cancelled.refresh_from_db()
    assert (cancelled.status, cancelled.tavus_id) == (Status.QUEUED, first.tavus_id)
    assert not tavus.sent("POST")


@pytest.mark.thorough
def test_looking_for_a_copy_slows_down(tavus: FakeTavus, cancelled: Video, sweep: Sweep, maria: User) -> None:
    tavus.videos.clear()
    cancelled.retry(by=maria)
    tavus._route = lambda request: httpx.Response(404)  # type: ignore[method-assign]

    sweep_after(sweep, *range(60))

    assert 5 < len(tavus.sent("GET", "/v2/videos/")) < 25
    assert Video.objects.get().status == Status.WAITING


@pytest.mark.parametrize("code", [404, 502])
def test_retry_waits_while_the_state_of_the_copy_is_unknown(
    code: int, tavus: FakeTavus, cancelled: Video, sweep: Sweep, maria: User
) -> None:
    [copy] = cancelled.copies.all()
    cancelled.retry(by=maria)
    tavus.next_answers.append(httpx.Response(code))
    sweep()
    cancelled.refresh_from_db()
    assert (cancelled.status, tavus.sent("POST")) == (Status.WAITING, [])

    with time_machine.travel(timezone.now() + timedelta(seconds=15), tick=True):
        sweep()

    cancelled.refresh_from_db()
    assert (cancelled.status, cancelled.tavus_id) == (Status.QUEUED, copy.tavus_id)


def test_key_rests_when_asking_about_a_copy_fails(
    tavus: FakeTavus, cancelled: Video, sweep: Sweep, maria: User
) -> None:
    cancelled.retry(by=maria)
    tavus.next_answers.append(httpx.Response(429, headers={"Retry-After": "40"}))

    sweep()

    cancelled.refresh_from_db()
    assert (cancelled.status, cancelled.wait) == (Status.WAITING, "rate_limited")
    assert not tavus.sent("POST")


def test_find_that_loses_to_a_resend_is_still_followed(make_video: Any, tavus: FakeTavus, maria: User) -> None:
    video: Video = make_video()
    video.claim()
    video.mark_unsure(search_at=timezone.now())
    found_by_a_search = Video.objects.get(pk=video.pk)
    remote = at_tavus(tavus, video)
    video.resolve_as_missing(by=maria)

    adoption.follow(found_by_a_search, [remote])

    video.refresh_from_db()
    assert (video.status, video.tavus_id) == (Status.QUEUED, remote.video_id)


def test_find_that_loses_to_another_id_becomes_an_extra_copy(make_video: Any, tavus: FakeTavus, maria: User) -> None:
    video: Video = make_video()
    video.claim()
    video.mark_unsure(search_at=timezone.now())
    found_by_a_search = Video.objects.get(pk=video.pk)
    remote = at_tavus(tavus, video)
    video.resolve_as("elsewhere", by=maria)

    adoption.follow(found_by_a_search, [remote])

    video.refresh_from_db()
    assert video.tavus_id == "elsewhere"
    assert [copy.tavus_id for copy in video.copies.all()] == [remote.video_id]


def test_late_answer_is_followed_after_a_requeue(make_video: Any, tavus: FakeTavus, maria: User) -> None:
    video: Video = make_video()
    video.claim()
    slow_process = Video.objects.get(pk=video.pk)
    remote = at_tavus(tavus, video)
    submit.recover(video)
    video.resolve_as_missing(by=maria)

    submit.record_submission(slow_process, remote)

    video.refresh_from_db()
    assert (video.status, video.tavus_id) == (Status.QUEUED, remote.video_id)
    assert video.events.filter(kind=EventKind.ACCEPTED).exists()


def test_submission_found_before_its_answer_is_no_extra_copy(make_video: Any, tavus: FakeTavus, maria: User) -> None:
    video: Video = make_video()
    video.claim()
    video.mark_unsure(search_at=timezone.now())
    video.resolve_as_missing(by=maria)
    video.claim()
    remote = at_tavus(tavus, video, attempt=2)
    adoption.follow(Video.objects.get(pk=video.pk), [remote])
    assert RemoteCopy.objects.filter(video=video).exists()

    submit.record_submission(video, remote)

    video.refresh_from_db()
    assert (video.tavus_id, video.has_extra_copies) == (remote.video_id, False)
    assert not video.copies.exists()


@pytest.mark.parametrize(("waited", "is_sent"), [(9, True), (11, False)])
def test_submission_is_sent_only_within_its_time(waited: int, is_sent: bool, make_video: Any, tavus: FakeTavus) -> None:
    video: Video = make_video()
    video.claim()

    with time_machine.travel(timezone.now() + timedelta(seconds=waited), tick=True):
        answer = asyncio.run(submit.send(video, client_of(tavus)))

    assert isinstance(answer, RemoteVideo if is_sent else NotBegun)
    assert bool(tavus.sent("POST")) is is_sent


def test_submission_that_waits_too_long_for_a_connection_is_not_sent(tavus: FakeTavus) -> None:
    is_in_time = [True]

    async def outcome() -> Any:
        is_asked, may_answer = asyncio.Event(), asyncio.Event()

        async def answer_late(request: httpx.Request) -> httpx.Response:
            is_asked.set()
            await may_answer.wait()
            return tavus.answer(request)

        client = client_of(tavus, transport=httpx.MockTransport(answer_late))
        listing = asyncio.create_task(client.list_videos())
        await is_asked.wait()
        request = VideoRequest("r1", "x", script="x")
        submission = asyncio.create_task(client.create_video(request, may_begin=lambda: is_in_time[0]))
        await asyncio.sleep(0)
        is_in_time[0] = False
        may_answer.set()
        await listing
        [came_of_it] = await asyncio.gather(submission, return_exceptions=True)
        return came_of_it

    assert isinstance(asyncio.run(outcome()), NotBegun)
    assert not tavus.sent("POST")


def client_of(tavus: FakeTavus, transport: httpx.MockTransport | None = None) -> Tavus:
    [key] = tavus.keys
    return Tavus(base_url="https://tavus.example", api_key=key, connections=1, transport=transport or tavus.transport)


def seen(video: Video, attempt: int, status: str = "queued") -> RemoteVideo:
    return RemoteVideo(
        video_id=f"v-{attempt}-{status}", name=name_at_tavus(video.title, video.pk, attempt), status=status
    )


@pytest.mark.parametrize(
    ("shown", "followed"),
    [
        ([(1, "queued"), (2, "queued")], (2, "queued")),
        ([(10, "queued"), (9, "queued")], (10, "queued")),
        ([(1, "ready"), (2, "deleted")], (1, "ready")),
        ([(1, "ready"), (2, "error")], (1, "ready")),
        ([(1, "error"), (2, "deleted")], (1, "error")),
        ([(1, "deleted"), (2, "deleted")], (2, "deleted")),
        ([(1, "deleted"), (2, "error"), (3, "generating"), (4, "deleted")], (3, "generating")),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_existing_and_later_submissions_are_followed_first(
    shown: list[tuple[int, str]], followed: tuple[int, str], is_turned: bool, make_video: Any
) -> None:
    video = make_video(Status.UNSURE, attempt=4)
    sightings = [seen(video, *each) for each in shown]

    adoption.follow(video, sightings[::-1] if is_turned else sightings)

    video.refresh_from_db()
    alive = {seen(video, *each).video_id for each in shown if each[1] != "deleted"}
    assert video.tavus_id == seen(video, *followed).video_id
    assert {copy.tavus_id for copy in video.copies.all()} == alive - {video.tavus_id}, (
        "what is deleted costs no question"
    )


@pytest.mark.usefixtures("witness")
def test_deleted_earlier_submission_does_not_hide_the_last_one(
    make_video: Any, tavus: FakeTavus, sweep: Sweep, maria: User
) -> None:
    video: Video = make_video(script="S")
    video.claim()
    video.mark_unsure(search_at=timezone.now())
    tavus.set(at_tavus(tavus, video).video_id, status="deleted")
    video.resolve_as_missing(by=maria)
    tavus.next_answers.append(tavus.accepted_but_unanswered)
    sweep()
    last = list(tavus.videos)[-1]
    tavus.hidden = {last}
    with time_machine.travel(timezone.now() + timedelta(seconds=5), tick=True):
        sweep()
    video.refresh_from_db()
    assert video.status == Status.UNSURE

    tavus.hidden.clear()
    with time_machine.travel(timezone.now() + timedelta(seconds=20), tick=True):
        sweep()

    video.refresh_from_db()
    assert (video.status, video.tavus_id) == (Status.QUEUED, last)


def test_submission_that_is_followed_is_no_extra_copy_when_the_list_shows_it_again(make_video: Any) -> None:
    video = make_video(Status.QUEUED, attempt=2)
    own = RemoteVideo(video_id=video.tavus_id, name=name_at_tavus(video.title, video.pk, 2), status="queued")

    adoption.follow(video, [own, seen(video, 1)])

    assert [copy.tavus_id for copy in video.copies.all()] == ["v-1-queued"]


def test_extra_copy_keeps_the_key_whose_list_showed_it_though_the_video_has_another_since(
    make_video: Any, key: APIKey, maria: User
) -> None:
    video: Video = make_video()
    video.claim()
    video.mark_unsure(search_at=timezone.now())
    key.replace_secret("another-key-0987654321", by=maria)
    found_by_a_search = Video.objects.select_related("api_key").get(pk=video.pk)
    old = found_by_a_search.api_key
    video.resolve_as_missing(by=maria)
    video.refresh_from_db()
    video.claim()

    adoption.follow(found_by_a_search, [seen(video, 1)])

    assert old != video.api_key
    assert [copy.api_key for copy in video.copies.all()] == [old]


def test_extra_copy_that_a_person_chooses_is_extra_no_longer(
    cancelled: Video, tavus: FakeTavus, sweep: Sweep, maria: User
) -> None:
    [copy] = cancelled.copies.all()
    cancelled.retry(by=maria)
    cancelled.claim()
    cancelled.mark_unsure(search_at=timezone.now() + timedelta(hours=1))

    assert cancelled.resolve_as(copy.tavus_id, by=maria)
    sweep()

    cancelled.refresh_from_db()
    assert (cancelled.status, cancelled.tavus_id) == (Status.QUEUED, copy.tavus_id)
    assert not cancelled.copies.exists(), "its deletion would delete what is followed"
    assert not cancelled.has_extra_copies


def test_retry_that_comes_after_a_deletion_was_requested_buys_nothing(
    make_video: Any, tavus: FakeTavus, sweep: Sweep, maria: User
) -> None:
    video = make_video(Status.FAILED, attempt=1, tavus_id=tavus.accept({})["video_id"])
    Video.objects.get(pk=video.pk).ask_to_delete(by=maria, mode=DeleteMode.SOFT)

    assert not video.retry(by=maria)
    sweep()

    video.refresh_from_db()
    assert (video.status, tavus.sent("POST")) == (Status.DELETED, [])


def test_deleted_submission_does_not_keep_a_waiting_video_from_being_sent(
    make_video: Any, tavus: FakeTavus, sweep: Sweep, maria: User
) -> None:
    video: Video = make_video()
    video.claim()
    video.mark_unsure(search_at=timezone.now())
    video.resolve_as_missing(by=maria)
    tavus.accept({})  # so that ids differ

    adoption.follow(video, [seen(video, 1, "deleted")])
    sweep()

    video.refresh_from_db()
    assert (video.status, video.attempt, video.tavus_id) == (Status.QUEUED, 2, "v00002")
    assert not video.copies.exists()
