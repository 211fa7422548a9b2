from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tavusweb.sandbox import cast, models
from tavusweb.sandbox.models import SandboxVideo

pytestmark = pytest.mark.django_db

HELLO = {"replica_id": cast.STOCK[0].replica_id, "script": "Hello"}


def test_videos_are_forgotten_after_thirty_days(make: Callable[..., str], clock: Any) -> None:
    old = make(key="bob")
    clock.shift(timedelta(days=29))
    younger = make(key="bob")
    clock.shift(timedelta(days=2))

    newest = make(key="alice")

    assert set(SandboxVideo.objects.values_list("video_id", flat=True)) == {younger, newest}
    assert old not in {younger, newest}


def test_a_key_keeps_its_newest_videos_up_to_the_cap(monkeypatch: Any, make: Callable[..., str]) -> None:
    monkeypatch.setattr(models, "MAX_OF_A_KEY", 3)
    other = make(key="bob")

    made = [make(key="alice") for _ in range(5)]

    assert set(SandboxVideo.objects.values_list("video_id", flat=True)) == {other, *made[-3:]}


def test_all_keys_together_stay_under_the_cap(monkeypatch: Any, make: Callable[..., str]) -> None:
    monkeypatch.setattr(models, "MAX_OF_ALL", 3)

    made = [make(key=f"key-{number}") for number in range(5)]

    assert set(SandboxVideo.objects.values_list("video_id", flat=True)) == set(made[-3:])


def test_unfinished_videos_are_counted_by_key() -> None:
    now = timezone.now()
    SandboxVideo.objects.make("alice's", HELLO, now - timedelta(seconds=25))
    SandboxVideo.objects.make("bob's", HELLO, now - timedelta(seconds=5))
    SandboxVideo.objects.make("carol's", HELLO, now).remove(now, for_good=False)

    assert not SandboxVideo.objects.has_unfinished("alice's", now)
    assert SandboxVideo.objects.has_unfinished("bob's", now)
    assert not SandboxVideo.objects.has_unfinished("carol's", now)
