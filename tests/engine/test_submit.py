"""From waiting to queued: what a POST may come to, and what the video, the key and the person then see."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.signing import SignedPackage

from tavusweb.engine import submit, tasks
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.videos import wakeup
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.wait_reasons import Wait
from tests.fake_tavus import CONCURRENCY, FakeTavus

Sweep = Callable[[], None]


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


def test_waiting_video_is_sent_once_and_then_queued(sweep: Sweep, tavus: FakeTavus, make_video: Any) -> None:
    video = make_video()

    sweep()
    sweep()

    video.refresh_from_db()
    assert video.status == Status.QUEUED
    assert video.tavus_id in tavus.videos
    assert video.hosted_url == "https://tavus.video/v00001"
    assert len(tavus.sent("POST")) == 1
    assert [event.to_status for event in video.events.all()] == ["sending", "queued"]


def test_request_contains_exactly_the_spec(sweep: Sweep, tavus: FakeTavus, make_video: Any) -> None:
    video = make_video(
        script="Héllo",
        background="page",
        background_url="https://example.com",
        background_scroll_type="smooth",
        start_with_wave=False,
    )

    sweep()

    body = json.loads(tavus.sent("POST")[0].content)
    video.refresh_from_db()
    assert body == {
        "replica_id": "r1",
        "script": "Héllo",
        "video_name": video.submission_name,
        "background_url": "https://example.com",
        "properties": {
            "background_scroll": True,
            "background_scroll_type": "smooth",
            "background_scroll_depth": "middle",
            "background_scroll_return": "return",
            "start_with_wave": False,
        },
    }


@pytest.mark.parametrize(
    ("site", "is_asked_for"),
    [
        ("https://videos.example.com", True),
        ("https://93.184.216.34", True),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://192.168.1.4", False),
        ("https://intranet", False),
        ("https://videos.corp.internal", False),
    ],
)
def test_callback_is_requested_only_if_tavus_can_reach_it(
    site: str, is_asked_for: bool, sweep: Sweep, tavus: FakeTavus, make_video: Any, settings: Any
) -> None:
    settings.SITE_URL = site
    video = make_video()

    sweep()

    body = json.loads(tavus.sent("POST")[0].content)
    assert ("callback_url" in body) is is_asked_for
    if is_asked_for:
        assert body["callback_url"] == f"{site}/callbacks/{video.callback_secret}/"


def test_rejected_request_fails_with_the_message(sweep: Sweep, tavus: FakeTavus, make_video: Any) -> None:
    video = make_video()
    tavus.next_answers.append(httpx.Response(400, json={"error": "Invalid replica_id"}))

    sweep()

    video.refresh_from_db()
    assert (video.status, video.failure_code) == (Status.FAILED, "refused")
    assert "Invalid replica_id" in video.remote_details
    assert video.events.get(to_status=Status.FAILED).provider_message == "Invalid replica_id"


@pytest.mark.parametrize(
    ("answer", "wait", "health"),
    [
        (httpx.Response(401, json={"message": "Invalid access token"}), Wait.KEY_REFUSED, Health.NOT_RECOGNISED),
        (httpx.Response(402), Wait.OUT_OF_CREDITS, Health.OUT_OF_CREDITS),
        (httpx.Response(403, text="IP not allowed"), Wait.KEY_REFUSED, Health.NOT_ALLOWED),
        (httpx.Response(429, headers={"Retry-After": "40"}), Wait.RATE_LIMITED, Health.RATE_LIMITED),
        (httpx.ConnectError("refused"), Wait.UNREACHABLE, Health.UNREACHABLE),
    ],
)
def test_key_trouble_makes_videos_wait_and_never_fail(
    answer: Any, wait: Wait, health: Health, sweep: Sweep, tavus: FakeTavus, key: APIKey, make_video: Any
) -> None:
    video = make_video()
    tavus.next_answers.append(answer)

    sweep()

    video.refresh_from_db()
    key.refresh_from_db()
    assert (video.status, video.wait) == (Status.WAITING, wait)
    assert video.why_it_waits == wait.label
    assert key.health == health
    assert key.submissions_wait_until > timezone.now()


def test_key_in_trouble_rests_and_continues_automatically(
    sweep: Sweep, tavus: FakeTavus, key: APIKey, make_video: Any
) -> None:
    videos = [make_video() for _ in range(3)]
    tavus.is_down = True
    sweep()
    asked = len(tavus.requests)
    sweep()
    assert len(tavus.requests) == asked, "a resting key is left alone"

    tavus.is_down = False
    with later(10):
        sweep()

    assert {Video.objects.get(pk=video.pk).status for video in videos} == {Status.QUEUED}
    key.refresh_from_db()
    assert (key.health, key.submissions_wait_until) == (Health.WORKS, None)


def test_retry_after_is_honoured_to_the_second(sweep: Sweep, tavus: FakeTavus, key: APIKey, make_video: Any) -> None:
    make_video()
    tavus.next_answers.append(httpx.Response(429, headers={"Retry-After": "40"}))
    sweep()
    asked = len(tavus.requests)

    with later(38):
        sweep()
    too_early = len(tavus.requests)
    with later(42):
        sweep()

    assert too_early == asked
    assert len(tavus.sent("POST")) == 2


def test_full_slots_make_a_video_wait(sweep: Sweep, tavus: FakeTavus, key: APIKey, make_video: Any) -> None:
    in_a_while = timezone.now() + timedelta(seconds=5)
    running = make_video(Status.QUEUED, tavus_id=tavus.accept({})["video_id"], next_poll_at=in_a_while)
    video = make_video()
    tavus.next_answers.append(httpx.Response(400, json=CONCURRENCY))

    sweep()

    video.refresh_from_db()
    key.refresh_from_db()
    assert (video.status, video.wait) == (Status.WAITING, Wait.SLOTS)
    assert (key.health, key.learned_slots) == (Health.WORKS, 1)
    asked = len(tavus.sent("POST"))
    sweep()
    assert len(tavus.sent("POST")) == asked, "the limit that was learned is kept"

    tavus.finish(running.tavus_id)
    with later(9):
        sweep()
        sweep()

    video.refresh_from_db()
    assert video.status == Status.QUEUED, "it goes as soon as a slot is free"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout("late"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("cut"),
        httpx.Response(500, text="<h1>Oops</h1>"),
        httpx.Response(502),
        httpx.Response(200, text="not json"),
        httpx.Response(200, json={"status": "queued"}),
        ValueError("a bug of ours"),
    ],
)
def test_ambiguous_outcome_is_unsure_and_not_sent_again(
    answer: Any, sweep: Sweep, tavus: FakeTavus, make_video: Any
) -> None:
    video = make_video()
    tavus.next_answers.append(answer)

    sweep()
    with later(5):
        sweep()

    video.refresh_from_db()
    assert video.status == Status.UNSURE
    assert len(tavus.sent("POST")) == 1


def test_accepted_unsure_submission_is_found_by_name_and_adopted(
    sweep: Sweep, tavus: FakeTavus, make_video: Any
) -> None:
    video = make_video()
    tavus.page_cap = 3
    tavus.next_answers.append(tavus.accepted_but_unanswered)
    sweep()
    for number in range(8):
        tavus.accept({"video_name": f"somebody else's {number}"})

    with later(5):
        sweep()

    video.refresh_from_db()
    assert (video.status, video.tavus_id) == (Status.QUEUED, "v00001")
    assert len(tavus.sent("POST")) == 1


def test_unsure_submission_is_sent_again_only_when_proven_absent(
    sweep: Sweep, tavus: FakeTavus, make_video: Any, witness: Video
) -> None:
    video = make_video()
    tavus.next_answers.append(httpx.ReadTimeout("late"))
    sweep()
    first_name = Video.objects.get(pk=video.pk).submission_name

    for seconds in (5, 30, 60, 70):
        with later(seconds):
            sweep()
    assert Video.objects.get(pk=video.pk).status == Status.UNSURE, "the grace period is not over"
    assert len(tavus.sent("POST")) == 1
    with later(90):
        sweep()
        sweep()
    assert Video.objects.get(pk=video.pk).status == Status.UNSURE, "a second reading has to agree"
    with later(105):
        sweep()
        sweep()

    video.refresh_from_db()
    assert video.status == Status.QUEUED
    assert len(tavus.videos) == 2
    assert video.submission_name != first_name


def test_list_with_an_unreadable_item_proves_nothing(sweep: Sweep, tavus: FakeTavus, make_video: Any) -> None:
    video = make_video()
    tavus.next_answers.append(httpx.ReadTimeout("late"))
    sweep()

    with later(200):
        tavus.next_answers.append(httpx.Response(200, json={"data": [{"video_name": "?"}], "total_count": 1}))
        sweep()

    video.refresh_from_db()
    assert video.status == Status.UNSURE


def test_submission_of_a_dead_process_is_settled_and_not_sent_twice(
    sweep: Sweep, tavus: FakeTavus, make_video: Any
) -> None:
    video = make_video()
    assert video.claim()
    tavus.accept({"video_name": video.submission_name})

    sweep()
    assert Video.objects.get(pk=video.pk).status == Status.SENDING, "its lease has not ended"
    with later(61):
        sweep()
        sweep()

    video.refresh_from_db()
    assert (video.status, video.tavus_id) == (Status.QUEUED, "v00001")
    assert not tavus.sent("POST")


def test_answer_after_the_lease_still_counts(tavus: FakeTavus, make_video: Any) -> None:
    from tavusweb.tavus import RemoteVideo

    video = make_video()
    video.claim()
    submit.recover(Video.objects.get(pk=video.pk))

    submit.record_submission(video, RemoteVideo.from_json(tavus.accept({"video_name": video.submission_name})))

    video.refresh_from_db()
    assert (video.status, video.tavus_id) == (Status.QUEUED, "v00001")


def test_frozen_key_sends_nothing_and_the_video_says_so(
    sweep: Sweep, tavus: FakeTavus, key: APIKey, make_video: Any
) -> None:
    video = make_video()
    APIKey.objects.filter(pk=key.pk).update(frozen_at=timezone.now())

    sweep()

    video = Video.objects.select_related("api_key").get(pk=video.pk)
    assert not tavus.requests
    assert video.status == Status.WAITING
    assert video.why_it_waits == Wait.KEY_FROZEN.label


def test_undecryptable_key_stops_only_its_own_videos(
    sweep: Sweep, tavus: FakeTavus, key: APIKey, make_video: Any, workspace: Any, maria: Any
) -> None:
    broken = APIKey.make(workspace, name="Broken", secret="tavus-key-1234567890", is_sandbox=False, by=maria)
    broken.sealed = key.sealed  # a ciphertext of another row
    broken.replicas_refresh_at = timezone.now() + timedelta(hours=1)
    broken.save()
    stuck, fine = make_video(api_key=broken), make_video()

    sweep()

    stuck = Video.objects.select_related("api_key").get(pk=stuck.pk)
    fine.refresh_from_db()
    assert fine.status == Status.QUEUED
    assert stuck.status == Status.WAITING
    assert stuck.why_it_waits == Wait.KEY_UNREADABLE.label


def test_one_slow_or_refused_key_delays_no_other(
    sweep: Sweep, tavus: FakeTavus, make_video: Any, workspace: Any, maria: Any
) -> None:
    refused = APIKey.make(workspace, name="Refused", secret="an-unknown-key-000", is_sandbox=False, by=maria)
    refused.replicas_refresh_at = timezone.now() + timedelta(hours=1)
    refused.save()
    others = [make_video(api_key=refused) for _ in range(5)]
    ours = make_video()

    sweep()

    ours.refresh_from_db()
    assert ours.status == Status.QUEUED
    assert {Video.objects.get(pk=each.pk).status for each in others} == {Status.WAITING}


@pytest.mark.django_db(transaction=True)
def test_task_sends_a_video_over_a_real_connection(tavus: FakeTavus, tavus_url: str, make_video: Any) -> None:
    video = make_video()

    tasks.send_next(str(video.api_key_id))
    tasks.send_next(str(video.api_key_id))

    video.refresh_from_db()
    assert video.status == Status.QUEUED
    assert len(tavus.sent("POST")) == 1


def test_task_is_enqueued_only_after_the_commit(make_video: Any, django_capture_on_commit_callbacks: Any) -> None:
    broker = get_broker()
    broker.purge_queue()
    video = make_video()

    with django_capture_on_commit_callbacks(execute=True):
        wakeup.submit_later(video)
        before = broker.queue_size()

    assert before == 0
    ((_, package),) = broker.dequeue()
    queued = SignedPackage.loads(package)
    assert queued["args"] == (str(video.api_key_id),), "ids travel through the queue and nothing else"
