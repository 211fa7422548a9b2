"""What an old secret adopted, found or still has does not count as gone because the account of the new secret lacks it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.videos.cleanup import forget_drained_secrets
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.naming import name_at_tavus
from tests.scenarios.test_old_secrets import TwoAccounts, replace, sweep_often

Sweep = Callable[[], None]


@pytest.fixture
def tavus() -> TwoAccounts:
    return TwoAccounts()


@pytest.fixture
def lost(make_video: Any, key: APIKey, maria: User) -> Video:
    """Given up for lost. Its key's secret was replaced afterwards."""
    video: Video = make_video()
    video.claim()
    video.mark_unsure(search_at=timezone.now())
    video.resolve_as_missing(by=maria)
    replace(key, maria)
    video.refresh_from_db()
    return video


@contextmanager
def later(**ahead: float) -> Iterator[None]:
    with time_machine.travel(timezone.now() + timedelta(**ahead), tick=True):
        yield


def turn_up(sweep: Sweep, tavus: TwoAccounts, video: Video) -> str:
    """Have the old account list the first submission, and look for it."""
    video_id: str = tavus.accept({"video_name": name_at_tavus(video.title, video.pk, 1)})["video_id"]
    tavus.finish(video_id)
    Video.objects.filter(pk=video.pk).update(recheck_at=timezone.now())
    sweep()
    return video_id


def erase_old_secret() -> None:
    Video.objects.update(recheck_at=None)
    assert forget_drained_secrets() == 1


def test_video_that_the_old_secret_adopted_stays_though_the_new_account_lacks_it(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, lost: Video, maria: User
) -> None:
    APIKey.objects.filter(pk=key.pk).update(frozen_at=timezone.now())  # so that it still waits
    with later(minutes=5):
        turn_up(sweep, tavus, lost)
        sweep_often(sweep, 2)  # its end, and its name without a mark
        assert Video.objects.get(pk=lost.pk).status == Status.READY
    with later(days=2):
        erase_old_secret()
        lost.refresh_from_db()

        lost.rename("A new title", by=maria)
        sweep_often(sweep)

    lost.refresh_from_db()
    assert (lost.status, lost.api_key) == (Status.READY, key)
    assert tavus.other.sent("PATCH")


def test_extra_copy_that_the_old_secret_found_is_not_deleted_though_the_new_account_lacks_it(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, lost: Video, maria: User
) -> None:
    tavus.other.accept({})  # so that ids differ
    sweep()
    with later(minutes=5):
        video_id = turn_up(sweep, tavus, lost)
        copy = lost.copies.get()
    with later(days=2):
        erase_old_secret()
        del tavus.other.videos[video_id]

        lost.ask_to_delete_copy(copy, by=maria)
        sweep_often(sweep)

    copy.refresh_from_db()
    assert (copy.tavus_id, copy.deleted_at, copy.delete_at) == (video_id, None, None)
    assert tavus.other.sent("DELETE")


def test_single_401_does_not_give_the_videos_of_an_old_secret_to_another_account(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, make_video: Any, maria: User
) -> None:
    video = make_video(Status.QUEUED, tavus_id=tavus.accept({})["video_id"])
    Video.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    replace(key, maria)
    tavus.next_answers.append(httpx.Response(401, json={"message": "Invalid access token"}))
    sweep_often(sweep, 1)
    tavus.finish(video.tavus_id)

    sweep_often(sweep)

    video.refresh_from_db()
    assert video.status == Status.READY
    assert not tavus.other.sent("GET", video.tavus_id)


def test_retry_asks_about_a_copy_in_its_own_account_and_follows_it_there(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, lost: Video, maria: User
) -> None:
    lost.cancel(by=maria)
    video_id = turn_up(sweep, tavus, lost)
    lost.refresh_from_db()

    lost.retry(by=maria)
    sweep()
    sweep_often(sweep, 1)

    lost.refresh_from_db()
    assert (lost.status, lost.tavus_id) == (Status.READY, video_id)
    assert lost.api_key == APIKey.objects.draining().get()
    assert not tavus.other.sent("POST")


@pytest.mark.thorough
def test_retry_buys_when_nobody_can_ask_about_the_copy_any_more(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, lost: Video, maria: User
) -> None:
    lost.cancel(by=maria)
    video_id = turn_up(sweep, tavus, lost)
    lost.refresh_from_db()
    tavus.keys = set()
    tavus.other.videos = {"other": tavus.other.accept({})}  # so that ids differ
    assert video_id not in tavus.other.videos
    lost.retry(by=maria)

    for minutes in range(0, 90, 2):
        with later(minutes=minutes):
            sweep()

    lost.refresh_from_db()
    assert (lost.status, lost.api_key) == (Status.QUEUED, key)
    assert len(tavus.other.sent("POST")) == 1
