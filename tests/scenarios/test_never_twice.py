"""Ways in which a paid video could be bought again or be lost, each found by trying it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Ask, Status
from tests.fake_tavus import FakeTavus

SweepOver = Callable[[FakeTavus], None]
SWEEPS = [2, 12, 40, 78, 90, 102, 114, 126, 138, 170, 300, 450, 615, 950]  # seconds after the answer was lost
OTHER_KEY = "another-key-0987654321"


class OtherAccount(FakeTavus):
    """An account with other ids."""

    def accept(self, body: dict[str, Any]) -> dict[str, Any]:
        video = super().accept(body)
        del self.videos[video["video_id"]]
        video["video_id"] = video["video_id"].replace("v", "w")
        self.videos[video["video_id"]] = video
        return video


def at(moment: datetime, seconds: float) -> time_machine.travel:
    return time_machine.travel(moment + timedelta(seconds=seconds), tick=True)


def follow(tavus: FakeTavus, sweep_over: SweepOver, *, since: datetime, sweeps: list[int]) -> None:
    for seconds in sweeps:
        with at(since, seconds):
            sweep_over(tavus)
            sweep_over(tavus)


def bought(tavus: FakeTavus, script: str) -> list[dict[str, Any]]:
    return [video for video in tavus.videos.values() if video["request"].get("script") == script]


@pytest.mark.usefixtures("witness")
def test_late_copy_is_adopted_with_a_frozen_key(
    tavus: FakeTavus, make_video: Any, sweep_over: SweepOver, key: APIKey, maria: User
) -> None:
    video = make_video(script="S")
    tavus.next_answers.append(tavus.accepted_but_unanswered)
    sweep_over(tavus)
    [first] = bought(tavus, "S")
    tavus.hidden.add(first["video_id"])
    began_at = timezone.now()
    with at(began_at, 80):
        sweep_over(tavus)
    key.refresh_from_db()
    key.freeze(by=maria)
    with at(began_at, 95):
        sweep_over(tavus)
    assert Video.objects.get(pk=video.pk).status == Status.WAITING
    tavus.hidden.clear()

    with at(began_at, 200):
        sweep_over(tavus)
    key.unfreeze()
    with at(began_at, 220):
        sweep_over(tavus)

    video.refresh_from_db()
    assert (video.status, video.tavus_id) == (Status.QUEUED, first["video_id"])
    assert len(bought(tavus, "S")) == 1


@pytest.mark.usefixtures("witness")
def test_key_of_another_account_proves_nothing_about_earlier_submissions(
    tavus: FakeTavus, make_video: Any, sweep_over: SweepOver, key: APIKey, maria: User
) -> None:
    video = make_video(script="S")
    tavus.next_answers.append(tavus.accepted_but_unanswered)
    sweep_over(tavus)
    began_at, tavus.keys = timezone.now(), set()
    with at(began_at, 11):
        sweep_over(tavus)  # refused: nothing stays behind with the old secret
    key.refresh_from_db()
    new = OtherAccount(keys={OTHER_KEY})
    with at(began_at, 20):
        key.replace_secret(OTHER_KEY, by=maria)
        APIKey.objects.filter(pk=key.pk).update(polls_wait_until=None, submissions_wait_until=None, health="works")
        make_video(script="other")
        sweep_over(new)

    follow(new, sweep_over, since=began_at, sweeps=[30, 78, 90, 102, 114, 126])

    video.refresh_from_db()
    assert (video.status, video.asks) == (Status.UNSURE, Ask.KEY_REPLACED)
    assert not bought(new, "S")


@pytest.mark.thorough
@pytest.mark.usefixtures("witness")
def test_video_whose_id_another_follows_is_not_sent_again(
    tavus: FakeTavus, make_video: Any, sweep_over: SweepOver, maria: User
) -> None:
    ours, other = make_video(script="mine"), make_video(script="other")
    route = tavus._route

    def lose(request: httpx.Request) -> httpx.Response:
        if request.method != "POST":
            return route(request)
        if b'"mine"' in request.content:
            return tavus.accepted_but_unanswered(request)
        raise httpx.ReadTimeout("lost", request=request)

    tavus._route = lose  # type: ignore[method-assign]
    sweep_over(tavus)
    tavus._route = route  # type: ignore[method-assign]
    [there] = bought(tavus, "mine")
    other.refresh_from_db()
    other.resolve_as(there["video_id"], by=maria)

    follow(tavus, sweep_over, since=timezone.now(), sweeps=SWEEPS)

    ours.refresh_from_db()
    assert len(bought(tavus, "mine")) == 1
    assert (ours.status, bool(ours.asks)) == (Status.UNSURE, True)


@pytest.mark.thorough
@pytest.mark.usefixtures("witness")
def test_submission_whose_answer_raises_is_found_again(
    tavus: FakeTavus, make_video: Any, sweep_over: SweepOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = make_video(script="S")
    with monkeypatch.context() as broken:
        broken.setattr("tavusweb.engine.submit.adopt", lambda *args, **options: 1 / 0)
        sweep_over(tavus)

    follow(tavus, sweep_over, since=timezone.now(), sweeps=[*SWEEPS, 2500])

    video.refresh_from_db()
    assert (video.status, len(bought(tavus, "S"))) == (Status.QUEUED, 1)


@pytest.mark.thorough
@pytest.mark.usefixtures("witness")
@pytest.mark.parametrize("how", ["refused", "away", "slow down"])
def test_person_is_asked_when_the_list_fails_for_ten_minutes(
    how: str, tavus: FakeTavus, make_video: Any, sweep_over: SweepOver
) -> None:
    video = make_video(script="S")
    tavus.next_answers.append(tavus.accepted_but_unanswered)
    sweep_over(tavus)
    if how == "refused":
        tavus.keys = set()
    elif how == "away":
        tavus.is_down = True
    else:
        tavus._route = lambda request: httpx.Response(429, json={"message": "slow"})  # type: ignore[method-assign]

    follow(tavus, sweep_over, since=timezone.now(), sweeps=[*SWEEPS, 1300])

    video.refresh_from_db()
    assert (video.status, video.asks) == (Status.UNSURE, Ask.NO_PROOF)


@pytest.mark.thorough
@pytest.mark.usefixtures("witness")
def test_retried_video_with_a_lost_submission_is_sent_again(
    tavus: FakeTavus, make_video: Any, sweep_over: SweepOver, maria: User
) -> None:
    video = make_video(script="S")
    sweep_over(tavus)
    [first] = bought(tavus, "S")
    tavus.set(first["video_id"], status="error", status_details="An error occurred while generating")
    Video.objects.filter(pk=video.pk).update(next_poll_at=timezone.now())
    sweep_over(tavus)
    video.refresh_from_db()
    video.retry(by=maria)
    tavus.next_answers.append(httpx.ReadTimeout("lost"))
    sweep_over(tavus)

    follow(tavus, sweep_over, since=timezone.now(), sweeps=SWEEPS)

    video.refresh_from_db()
    assert (video.status, video.asks) == (Status.QUEUED, "")
    assert len(bought(tavus, "S")) == 2, "the one that failed, and the retry"
