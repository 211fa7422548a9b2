"""A key whose new secret is of another account: what was begun in the first account is finished there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.keys.models.handover import DISOWNED_AFTER
from tavusweb.videos.cleanup import forget_drained_secrets
from tavusweb.videos.models import EventKind, RemoteCopy, Video
from tavusweb.videos.models.status import DeleteMode, Status
from tests.conftest import SECRET
from tests.fake_tavus import FakeTavus

NEW = "another-key-0987654321"

Sweep = Callable[[], None]


@dataclass
class TwoAccounts(FakeTavus):
    """The account of the first secret; requests with another secret reach the account `other`."""

    other: FakeTavus = field(default_factory=lambda: FakeTavus(keys={NEW}))

    def answer(self, request: httpx.Request) -> httpx.Response:
        is_ours = request.headers.get("x-api-key") in self.keys
        return super().answer(request) if is_ours else self.other.answer(request)


@pytest.fixture
def tavus() -> TwoAccounts:
    return TwoAccounts()


@pytest.fixture
def ready(make_video: Any, tavus: TwoAccounts) -> Video:
    """Made an hour ago with the key's first secret."""
    video: Video = make_video(Status.READY, tavus_id=tavus.accept({})["video_id"])
    Video.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    video.refresh_from_db()
    return video


def replace(key: APIKey, by: User) -> None:
    assert APIKey.objects.get(pk=key.pk).replace_secret(NEW, by=by)


def sweep_often(sweep: Sweep, times: int = 8) -> None:
    for _ in range(times):
        Video.objects.all().make_due()
        RemoteCopy.objects.exclude(delete_at=None).update(delete_at=timezone.now())
        APIKey.objects.update(polls_wait_until=None, submissions_wait_until=None)
        sweep()


def test_deletion_under_way_is_sent_with_the_secret_that_made_the_video(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, ready: Video, maria: User
) -> None:
    ready.ask_to_delete(by=maria, mode=DeleteMode.SOFT)
    tavus.next_answers.append(httpx.Response(502))
    sweep()
    replace(key, maria)
    forgotten = forget_drained_secrets()

    sweep_often(sweep, 1)

    ready.refresh_from_db()
    assert forgotten == 0
    assert (ready.status, tavus.videos[ready.tavus_id]["status"]) == (Status.DELETED, "deleted")
    assert not tavus.other.sent("DELETE")
    assert forget_drained_secrets() == 1
    assert APIKey.objects.get() == key


def test_deletion_requested_while_the_old_secret_drains_keeps_it(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, make_video: Any, maria: User
) -> None:
    video = make_video(Status.QUEUED, tavus_id=tavus.accept({})["video_id"])
    replace(key, maria)
    tavus.finish(video.tavus_id)
    sweep()
    video.refresh_from_db()
    assert video.status == Status.READY
    video.ask_to_delete(by=maria, mode=DeleteMode.SOFT)

    assert forget_drained_secrets() == 0
    sweep_often(sweep, 1)

    assert tavus.videos[video.tavus_id]["status"] == "deleted"
    assert forget_drained_secrets() == 1


@pytest.mark.parametrize("is_asked_before", [True, False])
def test_extra_copy_is_deleted_with_the_secret_that_it_was_seen_with(
    is_asked_before: bool, sweep: Sweep, tavus: TwoAccounts, key: APIKey, ready: Video, make_video: Any, maria: User
) -> None:
    ready.record_extra(tavus.accept({})["video_id"], 1)
    copy = ready.copies.get()
    if is_asked_before:
        ready.ask_to_delete_copy(copy, by=maria)
    replace(key, maria)
    if not is_asked_before:  # the new account says that it has none, which proves nothing
        ready.ask_to_delete_copy(copy, by=maria)
        RemoteCopy.objects.update(found_at=timezone.now() - timedelta(hours=1))
    forgotten = forget_drained_secrets()

    sweep_often(sweep)

    copy.refresh_from_db()
    state = tavus.videos[copy.tavus_id]["status"]
    assert forgotten == 0
    if is_asked_before:
        assert (state, copy.deleted_at is not None, forget_drained_secrets()) == ("deleted", True, 1)
    else:
        assert (state, copy.deleted_at, copy.delete_at) == ("queued", None, None)
        assert ready.events.last().kind == EventKind.EXTRA_COPY_NOT_FOUND


def test_new_title_under_way_is_sent_with_the_secret_that_made_the_video(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, ready: Video, maria: User
) -> None:
    ready.rename("A new title", by=maria)
    replace(key, maria)
    forgotten = forget_drained_secrets()

    sweep_often(sweep, 1)

    assert forgotten == 0
    assert tavus.videos[ready.tavus_id]["video_name"].startswith("A new title")
    assert forget_drained_secrets() == 1


def test_deletion_of_an_extra_copy_is_left_to_the_new_secret_when_tavus_no_longer_knows_the_old_one(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, ready: Video, maria: User
) -> None:
    ready.record_extra(tavus.accept({})["video_id"], 1)
    copy = ready.copies.get()
    ready.ask_to_delete_copy(copy, by=maria)
    replace(key, maria)
    tavus.keys, tavus.other.videos = set(), tavus.videos  # the new secret is of the same account

    sweep_often(sweep, DISOWNED_AFTER + 1)

    copy.refresh_from_db()
    assert copy.deleted_at is not None
    assert forget_drained_secrets() == 1


def test_finished_video_stays_though_the_new_account_does_not_know_it(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, ready: Video, maria: User
) -> None:
    replace(key, maria)
    ready.rename("A new title", by=maria)

    sweep_often(sweep)

    ready.refresh_from_db()
    assert (ready.status, ready.next_poll_at) == (Status.READY, None)
    assert tavus.other.sent("PATCH")


def test_deletion_that_the_new_account_cannot_do_says_that_the_video_may_still_be_there(
    as_maria: Client, sweep: Sweep, tavus: TwoAccounts, key: APIKey, ready: Video, maria: User
) -> None:
    replace(key, maria)
    ready.ask_to_delete(by=maria, mode=DeleteMode.SOFT)

    sweep_often(sweep)

    ready.refresh_from_db()
    assert (ready.status, tavus.videos[ready.tavus_id]["status"]) == (Status.DELETED, "queued")
    assert "the previous account may still have the video" in as_maria.get(ready.get_absolute_url()).text


@pytest.mark.parametrize("is_of_copy", [False, True])
def test_key_that_a_deletion_needs_cannot_be_deleted_unless_its_secret_is_lost(
    is_of_copy: bool, as_maria: Client, tavus: TwoAccounts, key: APIKey, ready: Video, maria: User
) -> None:
    ready.record_extra("v-extra", 1)
    if is_of_copy:
        ready.ask_to_delete_copy(ready.copies.get(), by=maria)
    else:
        ready.ask_to_delete(by=maria, mode=DeleteMode.SOFT)
    url = reverse("key_delete", args=[key.workspace.slug, key.pk])

    page = as_maria.post(url, follow=True)
    is_kept = APIKey.objects.current().exists()
    APIKey.objects.update(health=Health.NOT_RECOGNISED)
    as_maria.post(url)

    assert "1 video still needs this key" in page.text
    assert is_kept
    assert not APIKey.objects.current().exists()


def test_page_of_the_key_says_why_an_old_secret_is_kept(
    as_maria: Client, key: APIKey, ready: Video, maria: User
) -> None:
    ready.record_extra("v-extra", 1)
    ready.ask_to_delete_copy(ready.copies.get(), by=maria)
    replace(key, maria)

    page = as_maria.get(reverse("key", args=[key.workspace.slug, key.pk])).text

    assert f"…{SECRET[-4:]}: kept to find or delete extra copies at Tavus" in page


@pytest.fixture
def lost(sweep: Sweep, tavus: TwoAccounts, make_video: Any) -> Video:
    """Accepted by Tavus, but not answered and not in its list."""
    video: Video = make_video(script="S")
    tavus.next_answers.append(tavus.accepted_but_unanswered)
    sweep()
    tavus.hidden |= set(tavus.videos)
    video.refresh_from_db()
    assert video.status == Status.UNSURE
    return video


@pytest.fixture
def turn_up(sweep: Sweep, tavus: TwoAccounts) -> Callable[[], None]:
    """Have the old account list everything, and look again an hour later."""

    def turn_up() -> None:
        tavus.hidden.clear()
        Video.objects.exclude(recheck_at=None).update(recheck_at=timezone.now())
        sweep()

    return turn_up


@pytest.mark.parametrize("is_replaced_first", [True, False])
def test_submission_that_turns_up_late_is_looked_for_with_the_secret_that_made_it(
    is_replaced_first: bool, tavus: TwoAccounts, key: APIKey, lost: Video, turn_up: Any, maria: User
) -> None:
    if is_replaced_first:
        replace(key, maria)
    lost.resolve_as_missing(by=maria)
    if not is_replaced_first:
        replace(key, maria)
    key.refresh_from_db()
    key.freeze(by=maria)  # so that it still waits
    forgotten = forget_drained_secrets()

    turn_up()

    lost.refresh_from_db()
    old = APIKey.objects.draining().get()
    assert forgotten == 0
    assert (lost.status, lost.tavus_id, lost.api_key) == (Status.QUEUED, "v00001", old)
    assert not tavus.other.sent("GET", "/v2/videos")


def test_submission_that_turns_up_after_another_was_bought_is_deleted_in_its_own_account(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, lost: Video, turn_up: Any, maria: User
) -> None:
    replace(key, maria)
    lost.resolve_as_missing(by=maria)
    tavus.other.accept({})  # so that ids differ
    sweep()
    lost.refresh_from_db()
    assert (lost.status, lost.tavus_id, lost.api_key) == (Status.QUEUED, "v00002", key)

    turn_up()
    copy = lost.copies.get()
    lost.ask_to_delete_copy(copy, by=maria)
    sweep()

    copy.refresh_from_db()
    assert (copy.tavus_id, tavus.videos["v00001"]["status"]) == ("v00001", "deleted")
    assert copy.deleted_at is not None
    assert tavus.other.videos["v00001"]["status"] == "queued"


def test_old_secret_is_erased_when_the_search_is_over(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, lost: Video, maria: User
) -> None:
    lost.resolve_as_missing(by=maria)
    replace(key, maria)
    before = forget_drained_secrets()
    Video.objects.update(recheck_at=timezone.now(), submitted_at=timezone.now() - timedelta(days=2))

    sweep()

    lost.refresh_from_db()
    assert (before, lost.recheck_at, forget_drained_secrets()) == (0, None, 1)


def test_search_goes_on_with_the_new_secret_when_tavus_no_longer_knows_the_old_one(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, lost: Video, turn_up: Any, maria: User
) -> None:
    lost.resolve_as_missing(by=maria)
    replace(key, maria)
    tavus.keys, tavus.other.videos = set(), tavus.videos  # the new secret is of the same account
    APIKey.objects.filter(pk=key.pk).update(frozen_at=timezone.now())

    for _ in range(DISOWNED_AFTER + 1):
        APIKey.objects.update(polls_wait_until=None, submissions_wait_until=None)
        turn_up()

    lost.refresh_from_db()
    assert (lost.status, lost.tavus_id, lost.api_key) == (Status.QUEUED, "v00001", key)


def test_old_secret_is_erased_though_its_list_can_never_be_read(
    sweep: Sweep, tavus: TwoAccounts, key: APIKey, lost: Video, maria: User
) -> None:
    lost.resolve_as_missing(by=maria)
    replace(key, maria)
    tavus.lists_nothing = True
    Video.objects.update(recheck_at=timezone.now(), submitted_at=timezone.now() - timedelta(days=1))
    sweep()
    before = forget_drained_secrets()

    Video.objects.update(recheck_at=timezone.now(), submitted_at=timezone.now() - timedelta(days=3))
    sweep()

    assert (before, forget_drained_secrets()) == (0, 1)


def test_search_for_late_submissions_does_not_keep_a_key_from_being_deleted(
    as_maria: Client, key: APIKey, lost: Video, maria: User
) -> None:
    lost.resolve_as_missing(by=maria)
    replace(key, maria)
    lost.cancel(by=maria)

    as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))

    assert not APIKey.objects.exclude(sealed="").exists()
