"""From queued to ready: what is recorded, when it is looked at again, and what happens beside it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone

from tavusweb.engine import claims, poll_answers
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.tavus import RemoteVideo
from tavusweb.videos import naming
from tavusweb.videos.models import RemoteCopy, Video
from tavusweb.videos.models.status import DeleteMode, Status
from tavusweb.videos.presence import mark_watched
from tests.fake_tavus import FakeTavus

Sweep = Callable[[], None]


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


@pytest.fixture
def running(tavus: FakeTavus, make_video: Any) -> Video:
    """A video in production, due for a poll."""
    return make_video(Status.QUEUED, tavus_id=tavus.accept({"video_name": "Welcome"})["video_id"])


def test_video_is_followed_until_ready(sweep: Sweep, tavus: FakeTavus, running: Video) -> None:
    tavus.set(running.tavus_id, status="generating", generation_progress="37/100")
    sweep()
    running.refresh_from_db()
    assert (running.status, running.progress) == (Status.GENERATING, 37)

    tavus.finish(running.tavus_id)
    with later(12):
        sweep()

    running.refresh_from_db()
    assert (running.status, running.progress, running.next_poll_at) == (Status.READY, 100, None)
    assert running.download_url == "https://cdn.example/v00001.mp4"
    assert running.stream_url == "https://cdn.example/v00001.m3u8"
    assert running.thumbnail_url == "https://cdn.example/v00001.jpg"
    assert running.gif_url == "https://cdn.example/v00001.gif"
    assert running.finished_at is not None
    assert "verbose" in str(tavus.sent("GET", running.tavus_id)[0].url)


def test_failed_video_has_reason_and_advice(sweep: Sweep, tavus: FakeTavus, running: Video) -> None:
    reason = "The script violates our community guidelines."
    tavus.set(running.tavus_id, status="error", status_details=reason)

    sweep()

    running.refresh_from_db()
    assert (running.status, running.failure_code) == (Status.FAILED, "script_rejected")
    assert "Edit the script" in running.failure_advice
    assert running.events.get(to_status=Status.FAILED).provider_message == reason
    assert running.next_poll_at is None


def test_video_deleted_at_tavus_is_deleted_here(sweep: Sweep, tavus: FakeTavus, running: Video) -> None:
    tavus.set(running.tavus_id, status="deleted")

    sweep()

    running.refresh_from_db()
    assert (running.status, running.hosted_url, running.next_poll_at) == (Status.DELETED, "", None)


@pytest.mark.parametrize("odd", ["paused", "", None, 17, ["ready"], "READY-ISH"])
def test_unknown_status_changes_nothing_and_polling_continues(
    odd: Any, sweep: Sweep, tavus: FakeTavus, running: Video
) -> None:
    tavus.set(running.tavus_id, status=odd, generation_progress="?", surprise={"new": [1]})

    sweep()

    running.refresh_from_db()
    assert running.status == Status.QUEUED
    assert running.next_poll_at > timezone.now()
    if isinstance(odd, str):
        assert running.remote_status == odd.lower()


def test_progress_never_decreases_and_is_not_full_early(sweep: Sweep, tavus: FakeTavus, running: Video) -> None:
    for progress, shown in [("60/100", 60), ("40/100", 60), ("100/100", 99)]:
        tavus.set(running.tavus_id, status="generating", generation_progress=progress)
        Video.objects.all().make_due()

        sweep()

        running.refresh_from_db()
        assert running.progress == shown


@pytest.mark.parametrize(
    "date", ["Tue, 24 Jun 2025 07:01:57 GMT", "2025-06-24 07:01:57.000000", "2025-06-24T07:01:57.000Z"]
)
def test_three_date_formats_are_read(date: str, sweep: Sweep, tavus: FakeTavus, running: Video) -> None:
    tavus.finish(running.tavus_id)
    tavus.set(running.tavus_id, created_at=date, updated_at=date)

    sweep()

    running.refresh_from_db()
    assert running.remote_created_at == running.remote_updated_at == datetime(2025, 6, 24, 7, 1, 57, tzinfo=UTC)


def test_watched_and_unwatched_videos_are_polled_within_ten_seconds(
    sweep: Sweep, tavus: FakeTavus, running: Video
) -> None:
    unseen = Video.objects.get(pk=running.pk)
    sweep()
    unseen.refresh_from_db()
    mark_watched([running.pk])
    Video.objects.all().make_due()
    sweep()
    running.refresh_from_db()

    now = timezone.now()
    assert (running.next_poll_at - now).total_seconds() < 4
    assert (unseen.next_poll_at - now).total_seconds() < 10


def test_first_view_makes_a_video_due_and_later_ones_write_nothing(
    running: Video, django_assert_num_queries: Any
) -> None:
    Video.objects.update(next_poll_at=timezone.now() + timedelta(seconds=60))

    mark_watched([running.pk])
    running.refresh_from_db()
    assert running.next_poll_at <= timezone.now()
    with django_assert_num_queries(1):
        mark_watched([running.pk])


@pytest.mark.parametrize("answer", [httpx.Response(503), httpx.ReadTimeout("late"), httpx.Response(200, text="{")])
def test_broken_answer_backs_off_and_is_retried(
    answer: Any, sweep: Sweep, tavus: FakeTavus, running: Video, key: APIKey
) -> None:
    tavus.next_answers.append(answer)
    sweep()
    running.refresh_from_db()
    assert (running.status, running.poll_failures) == (Status.QUEUED, 1)

    tavus.finish(running.tavus_id)
    with later(5):
        sweep()

    running.refresh_from_db()
    assert (running.status, running.poll_failures) == (Status.READY, 0)
    key.refresh_from_db()
    assert key.health == Health.WORKS


@pytest.mark.parametrize("code", [401, 403, 429])
def test_rejected_key_rests_with_all_its_videos(
    code: int, sweep: Sweep, tavus: FakeTavus, key: APIKey, make_video: Any
) -> None:
    videos = [make_video(Status.QUEUED, tavus_id=tavus.accept({})["video_id"]) for _ in range(30)]
    tavus.next_answers.extend([httpx.Response(code)] * 30)

    sweep()

    key.refresh_from_db()
    assert len(tavus.requests) <= 8, "only what was under way already"
    assert key.polls_wait_until > timezone.now()
    assert key.failures == 1, "requests that fail together are one failure"
    tavus.next_answers.clear()
    with later(60):
        sweep()
        sweep()
    polled = {Video.objects.get(pk=video.pk).polled_at is not None for video in videos}
    assert polled == {True}


def test_two_sweeps_never_poll_the_same_video(tavus: FakeTavus, key: APIKey, make_video: Any) -> None:
    for _ in range(20):
        make_video(Status.QUEUED, tavus_id=tavus.accept({})["video_id"])
    now = timezone.now()

    ours = claims.claim(Video.objects.due(now), key, now, limit=15)
    theirs = claims.claim(Video.objects.due(now), key, now, limit=15)

    assert (len(ours), len(theirs)) == (15, 5)
    assert not {video.pk for video in ours} & {video.pk for video in theirs}


def test_video_gone_at_tavus_becomes_deleted_after_a_while(sweep: Sweep, tavus: FakeTavus, running: Video) -> None:
    del tavus.videos[running.tavus_id]

    for _ in range(9):
        sweep()
        Video.objects.all().make_due()
    assert Video.objects.get(pk=running.pk).status == Status.QUEUED, "a new id may be unknown for a while"
    Video.objects.update(submitted_at=timezone.now() - timedelta(minutes=16), not_found_count=0)
    for _ in range(3):
        sweep()
        Video.objects.all().make_due()
    assert Video.objects.get(pk=running.pk).status == Status.QUEUED, "nor is it believed at once"
    for _ in range(4):
        sweep()
        Video.objects.all().make_due()

    running.refresh_from_db()
    assert running.status == Status.DELETED


def not_found(code: int = 400) -> httpx.Response:
    return httpx.Response(code, json={"error": "Invalid video_id"})


def ask_again(sweep: Sweep, tavus: FakeTavus, *answers: httpx.Response) -> None:
    """Have every video that is polled asked for once for each of these answers."""
    for answer in answers:
        tavus.next_answers.append(answer)
        Video.objects.all().make_due()
        sweep()


@pytest.mark.thorough
def test_other_failures_do_not_count_towards_not_found(sweep: Sweep, tavus: FakeTavus, running: Video) -> None:
    Video.objects.update(submitted_at=timezone.now() - timedelta(hours=1))

    ask_again(sweep, tavus, *[httpx.Response(502)] * 5, not_found(), *[httpx.Response(502)] * 5, *[not_found()] * 4)
    before = Video.objects.get(pk=running.pk).status
    ask_again(sweep, tavus, httpx.Response(502), not_found())

    running.refresh_from_db()
    assert before == Status.QUEUED
    assert running.status == Status.DELETED, "failures in between neither count nor start again"


@pytest.mark.parametrize("is_listed", [False, True])
def test_answer_about_the_video_resets_the_count(
    is_listed: bool, sweep: Sweep, tavus: FakeTavus, running: Video, make_video: Any
) -> None:
    Video.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    ask_again(sweep, tavus, *[not_found()] * 5)
    others = [make_video(Status.QUEUED, tavus_id=tavus.accept({})["video_id"]) for _ in range(25 * is_listed)]
    Video.objects.all().make_due()
    sweep()
    Video.objects.filter(pk__in=[other.pk for other in others]).update(next_poll_at=None)

    ask_again(sweep, tavus, *[not_found()] * 5)

    running.refresh_from_db()
    assert (running.status, running.not_found_count) == (Status.QUEUED, 5)


def test_new_name_that_tavus_takes_shows_that_the_video_exists(
    sweep: Sweep, tavus: FakeTavus, running: Video, maria: Any
) -> None:
    Video.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    ask_again(sweep, tavus, *[not_found()] * 5)
    running.rename("A new title", by=maria)

    sweep()
    ask_again(sweep, tavus, *[not_found()] * 5)

    running.refresh_from_db()
    assert (running.status, running.not_found_count) == (Status.QUEUED, 5)
    assert tavus.sent("PATCH")


def test_reading_of_a_finished_video_shows_that_it_exists(sweep: Sweep, tavus: FakeTavus, make_video: Any) -> None:
    video = make_video(Status.READY, tavus_id=tavus.accept({})["video_id"], next_poll_at=timezone.now())
    tavus.finish(video.tavus_id)
    Video.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    ask_again(sweep, tavus, *[not_found()] * 5)
    Video.objects.all().make_due()
    sweep()

    Video.objects.update(next_poll_at=timezone.now())
    ask_again(sweep, tavus, *[not_found()] * 5)

    video.refresh_from_db()
    assert (video.status, video.not_found_count) == (Status.READY, 5)


def test_http_404_never_proves_absence(sweep: Sweep, tavus: FakeTavus, running: Video) -> None:
    Video.objects.update(submitted_at=timezone.now() - timedelta(hours=1))

    ask_again(sweep, tavus, *[not_found(404)] * 9)

    running.refresh_from_db()
    assert (running.status, running.not_found_count) == (Status.QUEUED, 0)


def test_new_title_reaches_tavus_and_keeps_the_mark(sweep: Sweep, tavus: FakeTavus, running: Video, maria: Any) -> None:
    running.rename("Grüße", by=maria)

    sweep()
    sweep()

    running.refresh_from_db()
    body = json.loads(tavus.sent("PATCH")[0].content)
    assert body == {"video_name": naming.name_at_tavus("Grüße", running.pk, 1)}
    assert running.wants_rename is False
    assert len(tavus.sent("GET", running.tavus_id)) == 1, "and it goes on being followed"


@pytest.mark.parametrize(("mode", "query"), [(DeleteMode.SOFT, b""), (DeleteMode.HARD, b"hard=true")])
def test_deletion_happens_at_tavus_first(
    mode: DeleteMode, query: bytes, sweep: Sweep, tavus: FakeTavus, make_video: Any, maria: Any
) -> None:
    video = make_video(Status.READY, tavus_id=tavus.accept({})["video_id"], hosted_url="https://tavus.video/v00001")
    assert video.ask_to_delete(by=maria, mode=mode)
    video.refresh_from_db()
    assert video.status == Status.READY
    assert video.is_pending

    sweep()

    video.refresh_from_db()
    assert video.status == Status.DELETED
    assert tavus.sent("DELETE")[0].url.query == query
    assert video.hosted_url == ""
    assert (video.script == "") is (mode == DeleteMode.HARD)


def test_deletion_requested_during_a_poll_is_not_lost(
    sweep: Sweep, tavus: FakeTavus, running: Video, maria: Any
) -> None:
    polled = Video.objects.select_related("api_key").get(pk=running.pk)
    tavus.finish(running.tavus_id)
    answer = RemoteVideo.from_json(tavus.videos[running.tavus_id])
    Video.objects.get(pk=running.pk).ask_to_delete(by=maria, mode=DeleteMode.SOFT)

    poll_answers.record(polled, answer)
    sweep()

    running.refresh_from_db()
    assert running.status == Status.DELETED
    assert tavus.sent("DELETE")


def test_failed_deletion_is_retried(sweep: Sweep, tavus: FakeTavus, make_video: Any, maria: Any) -> None:
    video = make_video(Status.READY, tavus_id=tavus.accept({})["video_id"])
    video.ask_to_delete(by=maria, mode=DeleteMode.SOFT)
    tavus.next_answers.append(httpx.Response(500))
    sweep()
    assert Video.objects.get(pk=video.pk).wants_delete == "soft"

    with later(5):
        sweep()

    assert Video.objects.get(pk=video.pk).status == Status.DELETED


@pytest.fixture
def unwanted(tavus: FakeTavus, make_video: Any, maria: Any) -> Video:
    """A finished video whose deletion at Tavus was requested an hour after it was submitted."""
    video: Video = make_video(Status.READY, tavus_id=tavus.accept({})["video_id"])
    Video.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    video.refresh_from_db()
    video.ask_to_delete(by=maria, mode=DeleteMode.HARD)
    return video


@pytest.mark.parametrize("answers", [[404] * 9, [400] * 5, [400] * 5 + [502] * 9])
def test_deletion_goes_on_until_tavus_has_taken_it(
    answers: list[int], sweep: Sweep, tavus: FakeTavus, unwanted: Video
) -> None:
    ask_again(sweep, tavus, *[not_found(code) for code in answers])
    before = Video.objects.get(pk=unwanted.pk)

    Video.objects.all().make_due()
    sweep()

    unwanted.refresh_from_db()
    assert (before.status, before.wants_delete) == (Status.READY, DeleteMode.HARD)
    assert tavus.videos[unwanted.tavus_id]["status"] == "deleted"
    assert unwanted.status == Status.DELETED


def test_deletion_of_what_tavus_does_not_know_ends_after_as_many_answers_as_a_poll_needs(
    sweep: Sweep, tavus: FakeTavus, unwanted: Video
) -> None:
    ask_again(sweep, tavus, *[not_found()] * 6)

    unwanted.refresh_from_db()
    assert (unwanted.status, unwanted.script) == (Status.DELETED, "")


def test_deletion_of_a_new_video_is_not_believed_to_be_needless(
    sweep: Sweep, tavus: FakeTavus, unwanted: Video
) -> None:
    Video.objects.update(submitted_at=timezone.now())

    ask_again(sweep, tavus, *[not_found()] * 9)

    assert Video.objects.get(pk=unwanted.pk).wants_delete == DeleteMode.HARD


@pytest.mark.parametrize(
    ("code", "times", "is_over"), [(404, 9, False), (400, 5, False), (502, 9, False), (400, 6, True)]
)
def test_deletion_of_an_extra_copy_is_as_patient(
    code: int, times: int, is_over: bool, sweep: Sweep, tavus: FakeTavus, make_video: Any, maria: Any
) -> None:
    video = make_video(Status.READY)
    video.record_extra(tavus.accept({})["video_id"], 1)
    RemoteCopy.objects.update(found_at=timezone.now() - timedelta(hours=1))
    video.ask_to_delete_copy(video.copies.get(), by=maria)

    for _ in range(times):
        tavus.next_answers.append(not_found(code))
        RemoteCopy.objects.exclude(delete_at=None).update(delete_at=timezone.now())
        sweep()

    copy = video.copies.get()
    assert (copy.deleted_at is not None) is is_over
    assert (copy.delete_at is None) is is_over
    assert tavus.videos[copy.tavus_id]["status"] == "queued"


def test_replicas_are_read_to_the_last_page_in_both_spellings(sweep: Sweep, tavus: FakeTavus, key: APIKey) -> None:
    tavus.page_cap = 10
    tavus.replicas = [{"replica_id": f"r{n}", "replica_name": f"Anna {n}", "status": "completed"} for n in range(25)]
    tavus.replicas += [{"face_id": f"f{n}", "face_name": f"Ben {n}", "face_type": "system"} for n in range(12)]
    key.refresh_replicas()

    sweep()

    key.refresh_from_db()
    assert key.replicas.count() == 37
    assert key.replicas.get(replica_id="f11").kind == "system"
    assert key.replicas_refresh_at > timezone.now()


@pytest.mark.parametrize("trouble", ["an empty page", "an item without an id", "a total that is too large"])
def test_partial_list_removes_no_replica(sweep: Sweep, tavus: FakeTavus, key: APIKey, trouble: str) -> None:
    tavus.replicas = [{"replica_id": f"r{n}", "replica_name": f"Anna {n}", "status": "completed"} for n in range(3)]
    read(sweep, key)
    listed: dict[str, Any] = {
        "an empty page": {"data": [], "total_count": 0},
        "an item without an id": {"data": [{"replica_name": "?"}], "total_count": 1},
        "a total that is too large": {"data": [{"replica_id": "r0"}], "total_count": 2},
    }
    tavus.next_answers += [httpx.Response(200, json=listed[trouble])] * 4

    read(sweep, key)

    assert set(key.replicas.values_list("replica_id", flat=True)) == {"r0", "r1", "r2"}


def test_replica_missing_from_two_complete_lists_disappears(sweep: Sweep, tavus: FakeTavus, key: APIKey) -> None:
    tavus.replicas = [{"replica_id": f"r{n}", "replica_name": f"Anna {n}", "status": "completed"} for n in range(3)]
    read(sweep, key)
    del tavus.replicas[1]

    read(sweep, key)
    after_one = set(key.replicas.values_list("replica_id", flat=True))
    read(sweep, key)

    assert after_one == {"r0", "r1", "r2"}
    assert set(key.replicas.values_list("replica_id", flat=True)) == {"r0", "r2"}


def read(sweep: Sweep, key: APIKey) -> None:
    """Have the replicas of a key read now."""
    APIKey.objects.filter(pk=key.pk).update(replicas_refresh_at=timezone.now())
    sweep()
    key.refresh_from_db()


def test_unchecked_key_is_checked_in_the_background(sweep: Sweep, tavus: FakeTavus, key: APIKey) -> None:
    APIKey.objects.update(health=Health.UNCHECKED, replicas_refresh_at=timezone.now())

    sweep()

    key.refresh_from_db()
    assert key.health == Health.WORKS


def test_failed_poll_after_a_rest_loses_no_video(sweep: Sweep, tavus: FakeTavus, key: APIKey, running: Video) -> None:
    APIKey.objects.update(health=Health.UNREACHABLE, replicas_refresh_at=timezone.now())
    tavus.is_down = True
    sweep()
    running.refresh_from_db()
    assert running.lease_until is None

    tavus.is_down = False
    with later(30):
        sweep()
        sweep()

    running.refresh_from_db()
    assert running.polled_at is not None
