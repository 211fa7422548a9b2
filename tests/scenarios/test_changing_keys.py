"""A key that is frozen or replaced while videos are under way: nothing goes out with it, nothing is lost sight of."""

from collections.abc import Callable
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
from tavusweb.videos import wakeup
from tavusweb.videos.cleanup import forget_drained_secrets
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.wait_reasons import Wait
from tavusweb.workspaces.models import Workspace
from tests.conftest import SECRET
from tests.fake_tavus import FakeTavus

NEW = "tavus-key-0987654321"

Sweep = Callable[[], None]


@pytest.fixture
def produced(make_video: Any, tavus: FakeTavus) -> Video:
    """A video that is in production at Tavus under the key's first secret."""
    there = tavus.accept({"replica_id": "r1", "script": "Hello"})
    tavus.keys.add(NEW)
    video: Video = make_video(Status.QUEUED, tavus_id=there["video_id"])
    return video


def replace(key: APIKey, by: User) -> bool:
    return APIKey.objects.get(pk=key.pk).replace_secret(NEW, by=by)


def used(requests: list[httpx.Request]) -> set[str]:
    return {request.headers["x-api-key"] for request in requests}


def test_frozen_key_sends_nothing_and_follows_its_videos(
    sweep: Sweep, tavus: FakeTavus, key: APIKey, produced: Video, make_video: Any, maria: User
) -> None:
    waiting = make_video()
    key.freeze(by=maria)
    tavus.finish(produced.tavus_id)

    sweep()

    produced.refresh_from_db()
    waiting.refresh_from_db()
    assert tavus.sent("POST") == []
    assert produced.status == Status.READY
    assert (waiting.status, waiting.why_it_waits) == (Status.WAITING, Wait.KEY_FROZEN.label)


def test_claim_after_the_freeze_fails(key: APIKey, make_video: Any, maria: User) -> None:
    video = make_video()
    assert video.api_key.frozen_at is None
    key.freeze(by=maria)

    claimed = video.claim()

    assert not claimed
    assert Video.objects.get().status == Status.WAITING


def test_unfrozen_key_sends_waiting_videos(
    sweep: Sweep, tavus: FakeTavus, key: APIKey, make_video: Any, maria: User
) -> None:
    video = make_video()
    key.freeze(by=maria)
    sweep()

    APIKey.objects.get().unfreeze()
    sweep()

    video.refresh_from_db()
    assert video.status == Status.QUEUED


def test_replacement_keeps_old_videos_on_the_old_secret(
    sweep: Sweep, tavus: FakeTavus, key: APIKey, produced: Video, make_video: Any, maria: User
) -> None:
    waiting = make_video()

    replace(key, maria)
    sweep()

    polled = tavus.sent("GET", produced.tavus_id)
    produced.refresh_from_db()
    waiting.refresh_from_db()
    assert used(polled) == {SECRET}
    assert used(tavus.sent("POST")) == {NEW}
    assert waiting.api_key == key
    assert (produced.api_key.successor, produced.api_key.last4) == (key, SECRET[-4:])


def test_old_secret_is_erased_with_its_last_video(
    sweep: Sweep, tavus: FakeTavus, key: APIKey, produced: Video, maria: User
) -> None:
    replace(key, maria)
    assert forget_drained_secrets() == 0
    tavus.finish(produced.tavus_id)
    sweep()

    assert forget_drained_secrets() == 1

    produced.refresh_from_db()
    assert APIKey.objects.get() == produced.api_key == key


def test_old_secret_is_sealed_in_its_own_row(key: APIKey, produced: Video, maria: User) -> None:
    replace(key, maria)

    old = APIKey.objects.draining().get()

    assert old.sealed.startswith("v1.")
    assert SECRET not in old.sealed
    assert old.connect() is not None
    assert list(APIKey.objects.current()) == [key], "people see one key"


def test_replacement_without_videos_leaves_no_old_secret(key: APIKey, make_video: Any, maria: User) -> None:
    make_video(Status.READY)

    replace(key, maria)

    assert APIKey.objects.get().last4 == NEW[-4:]


def test_secret_unknown_to_tavus_follows_nothing(key: APIKey, produced: Video, maria: User) -> None:
    APIKey.objects.update(health=Health.NOT_RECOGNISED)

    replace(key, maria)

    produced.refresh_from_db()
    assert produced.api_key == key
    assert not APIKey.objects.draining().exists()


def test_old_secret_disabled_at_tavus_gives_its_videos_to_the_new_one(
    sweep: Sweep, tavus: FakeTavus, key: APIKey, produced: Video, maria: User
) -> None:
    replace(key, maria)
    tavus.keys.remove(SECRET)
    tavus.finish(produced.tavus_id)

    for _ in range(DISOWNED_AFTER + 1):
        Video.objects.update(next_poll_at=timezone.now(), lease_until=None)
        APIKey.objects.update(polls_wait_until=None, submissions_wait_until=None)
        sweep()

    produced.refresh_from_db()
    assert (produced.api_key, produced.status) == (key, Status.READY)


@pytest.mark.parametrize("status", [Status.SENDING, Status.UNSURE])
def test_requeued_video_of_an_old_secret_waits_for_the_new_one(
    status: Status, key: APIKey, make_video: Any, maria: User
) -> None:
    video = make_video(
        status, attempt=1, submitted_at=timezone.now(), lease_until=timezone.now() + timedelta(minutes=1)
    )
    replace(key, maria)
    held = Video.objects.get()
    assert held.api_key.successor == key

    video.requeue(Wait.TURN, until=timezone.now())  # by who still holds the row as it was

    video.refresh_from_db()
    assert (video.status, video.api_key) == (Status.WAITING, key)


@pytest.mark.parametrize(("status", "act"), [(Status.FAILED, "video_retry"), (Status.UNSURE, "video_resolve_missing")])
def test_retry_after_a_replacement_wakes_the_new_key(
    status: Status,
    act: str,
    as_maria: Client,
    key: APIKey,
    make_video: Any,
    maria: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    video = make_video(Status.QUEUED)
    replace(key, maria)
    Video.objects.update(status=status)
    assert Video.objects.get().api_key.successor == key
    woken: list[tuple[Any, ...]] = []
    monkeypatch.setattr(wakeup, "async_task", lambda *args, **options: woken.append(args))

    with django_capture_on_commit_callbacks(execute=True):
        as_maria.post(reverse(act, args=[key.workspace.slug, video.pk]))

    assert woken == [(wakeup.SEND_NEXT, str(key.pk))]


def test_claim_with_the_previous_secret_fails(key: APIKey, make_video: Any, maria: User) -> None:
    video = make_video()
    assert video.api_key.sealed
    replace(key, maria)

    assert not video.claim()


def test_worker_with_the_previous_secret_sends_nothing(
    sweep: Sweep, tavus: FakeTavus, key: APIKey, make_video: Any, maria: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_video()
    tavus.keys.add(NEW)
    APIKey.objects.update(replicas_refresh_at=timezone.now())

    def replaced_meanwhile(self: APIKey) -> bool:
        monkeypatch.undo()
        return not replace(key, maria)

    monkeypatch.setattr(APIKey, "claim_refresh", replaced_meanwhile)  # what a conversation begins with
    sweep()
    assert tavus.sent("POST") == []
    sweep()

    assert used(tavus.sent("POST")) == {NEW}
    assert Video.objects.get().api_key == key


def test_only_one_of_two_replacements_wins(key: APIKey, maria: User) -> None:
    slow = APIKey.objects.get()
    replace(key, maria)

    assert not slow.replace_secret("another-key-123456", by=maria)
    assert APIKey.objects.get().last4 == NEW[-4:]


def test_key_with_a_needed_old_secret_cannot_be_deleted(
    as_maria: Client, key: APIKey, produced: Video, maria: User
) -> None:
    replace(key, maria)

    page = as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]), follow=True)

    assert "1 video still needs this key" in page.content.decode()
    assert APIKey.objects.current().exists()


def test_key_page_shows_who_did_what(as_maria: Client, key: APIKey, produced: Video, maria: User) -> None:
    replace(key, maria)
    key.freeze(by=maria)
    key.record_trouble(Health.NOT_ALLOWED, "Your IP is not on the list")

    html = as_maria.get(reverse("key", args=[key.workspace.slug, key.pk])).content.decode()

    assert html.count("by Maria") == 3, "added, replaced, frozen"
    assert "…7890: erased when 1 video in progress is finished" in html
    assert "Your IP is not on the list" in html


def test_new_video_starts_with_the_default_key_unless_frozen(
    as_maria: Client, key: APIKey, workspace: Workspace, maria: User
) -> None:
    second = APIKey.make(workspace, name="Second", secret=NEW, is_sandbox=False, by=maria)
    second.save()

    def first_choice() -> Any:
        return as_maria.get(reverse("video_new", args=[workspace.slug])).context["form"]["api_key"].value()

    assert first_choice() == key.pk
    as_maria.post(reverse("key_default", args=[workspace.slug, second.pk]))
    assert first_choice() == second.pk
    second.freeze(by=maria)

    assert first_choice() == key.pk
    assert APIKey.objects.filter(is_default=True).get() == second


def test_health_keeps_the_last_success_and_the_last_failure(key: APIKey) -> None:
    key.record_trouble(Health.UNREACHABLE, "No route")
    key.record_success(asked_at=timezone.now())

    stored = APIKey.objects.get()

    assert (stored.health, stored.failed_as, stored.failed_detail) == (Health.WORKS, Health.UNREACHABLE, "No route")
    assert stored.worked_at >= stored.failed_at  # type: ignore[operator]
