from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from tavusweb.sandbox import replicas
from tavusweb.sandbox.models import SandboxReplica, SandboxVideo

pytestmark = pytest.mark.django_db

HELLO = {"replica_id": replicas.STOCK[0].replica_id, "script": "Hello"}


def test_videos_are_deleted_after_thirty_days(make: Callable[..., str], clock: Any) -> None:
    old = make(key="bob")
    clock.shift(timedelta(days=29))
    younger = make(key="bob")
    clock.shift(timedelta(days=2))

    newest = make(key="alice")

    assert set(SandboxVideo.objects.values_list("video_id", flat=True)) == {younger, newest}
    assert old not in {younger, newest}


def test_key_keeps_its_newest_videos_up_to_the_limit(monkeypatch: Any, make: Callable[..., str]) -> None:
    monkeypatch.setattr(SandboxVideo, "MAX_ROWS", 3)
    other = make(key="bob")

    made = [make(key="alice") for _ in range(5)]

    assert set(SandboxVideo.objects.values_list("video_id", flat=True)) == {other, *made[-3:]}


def test_key_keeps_its_newest_videos_up_to_a_number_of_bytes(monkeypatch: Any, make: Callable[..., str]) -> None:
    monkeypatch.setattr(SandboxVideo, "MAX_BYTES", 7_000)
    other = make("a" * 6_000, key="bob")

    made = [make("ä" * 300, key="alice") for _ in range(6)]  # 6 bytes each in stored JSON

    assert set(SandboxVideo.objects.values_list("video_id", flat=True)) == {other, *made[-3:]}
    assert SandboxVideo.objects.aggregate(total=Sum("size"))["total"] < 2 * 7_000


def test_long_names_count_towards_the_limit(monkeypatch: Any, ask: Any, make: Callable[..., str]) -> None:
    monkeypatch.setattr(SandboxVideo, "MAX_BYTES", 7_000)
    oldest, newest = make(), make()

    ask("PATCH", f"videos/{newest}/name", {"video_name": "b" * 6_900})

    assert [video.video_id for video in SandboxVideo.objects.all()] == [newest]
    assert oldest != newest


def test_permanently_deleted_rows_take_almost_no_space(ask: Any, make: Callable[..., str]) -> None:
    video_id = make("a" * 6_000)

    ask("DELETE", f"videos/{video_id}?hard=true")

    assert SandboxVideo.objects.get().size < 10


def test_key_cannot_evict_rows_of_another_key(monkeypatch: Any, ask: Any, make: Callable[..., str]) -> None:
    for model in (SandboxVideo, SandboxReplica):
        monkeypatch.setattr(model, "MAX_ROWS", 2)
        monkeypatch.setattr(model, "MAX_BYTES", 2_000)
    training = {"train_video_url": "https://files.example/me.mp4"}
    ids = [make(key="bob"), ask("POST", "replicas", training, key="bob").json()["replica_id"]]

    for number in range(20):
        make("a" * 500, key=f"key-{number % 4}")
        ask("POST", "replicas", training | {"replica_name": "a" * 500}, key=f"key-{number % 4}")

    assert ask("GET", f"videos/{ids[0]}", key="bob").status_code == 200
    assert ask("GET", f"replicas/{ids[1]}", key="bob").status_code == 200
    assert SandboxVideo.objects.count() <= 5 * 2
    assert SandboxReplica.objects.count() <= 5 * 2


def test_unfinished_videos_are_counted_by_key() -> None:
    now = timezone.now()
    SandboxVideo.objects.make("alice's", HELLO, now - timedelta(seconds=25))
    SandboxVideo.objects.make("bob's", HELLO, now - timedelta(seconds=5))
    SandboxVideo.objects.make("carol's", HELLO, now).remove(now, for_good=False)

    assert not SandboxVideo.objects.has_unfinished("alice's", now)
    assert SandboxVideo.objects.has_unfinished("bob's", now)
    assert not SandboxVideo.objects.has_unfinished("carol's", now)
