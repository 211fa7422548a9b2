"""Errors simulated by key and by script."""

from collections.abc import Callable
from typing import Any

import pytest

from tavusweb.sandbox import replicas
from tavusweb.sandbox.models import SandboxVideo

pytestmark = pytest.mark.django_db

HELLO = {"replica_id": replicas.STOCK[0].replica_id, "script": "Hello"}


@pytest.mark.parametrize("key", [None, "", "   ", "bad-key"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "videos"), ("POST", "videos"), ("GET", "replicas"), ("GET", "faces")]
)
def test_missing_or_invalid_key_is_401(ask: Any, method: str, path: str, key: str | None) -> None:
    answer = ask(method, path, key=key)

    assert (answer.status_code, answer.json()) == (401, {"message": "Invalid access token"})


def test_blocked_key_is_403(ask: Any) -> None:
    answer = ask("GET", "replicas", key="blocked-alice")

    assert answer.status_code == 403
    assert "IP address" in answer.json()["message"]


def test_key_without_credits_can_list_but_not_create(ask: Any) -> None:
    assert ask("GET", "videos", key="nocredits-alice").status_code == 200
    assert ask("POST", "videos", HELLO, key="nocredits-alice").status_code == 402
    assert not SandboxVideo.objects.exists()


def test_rate_limited_key_creates_one_video_in_ten_seconds(ask: Any, clock: Any) -> None:
    first = ask("POST", "videos", HELLO, key="limited-alice")
    clock.shift(3)
    second = ask("POST", "videos", HELLO, key="limited-alice")
    clock.shift(7)
    third = ask("POST", "videos", HELLO, key="limited-alice")

    assert [first.status_code, second.status_code, third.status_code] == [200, 429, 200]
    assert second["Retry-After"] == "7"


def test_busy_key_allows_one_unfinished_video(ask: Any, clock: Any) -> None:
    first = ask("POST", "videos", HELLO, key="busy-alice")
    clock.shift(10)
    second = ask("POST", "videos", HELLO, key="busy-alice")
    clock.shift(11)
    third = ask("POST", "videos", HELLO, key="busy-alice")

    assert [first.status_code, second.status_code, third.status_code] == [200, 400, 200]
    assert second.json()["message"].startswith("User has reached maximum concurrent")


def test_outage_key_gets_an_html_error(ask: Any) -> None:
    answer = ask("GET", "videos", key="down-alice")

    assert answer.status_code == 503
    assert answer["Content-Type"].startswith("text/html")


def test_busy_script_is_refused_while_another_is_unfinished(ask: Any, make: Callable[..., str], clock: Any) -> None:
    make()
    make(key="bob")

    early = ask("POST", "videos", HELLO | {"script": "[[busy]]"})
    clock.shift(21)
    late = ask("POST", "videos", HELLO | {"script": "[[busy]]"})

    assert (early.status_code, late.status_code) == (400, 200)


def test_reject_script_is_refused_immediately(ask: Any) -> None:
    answer = ask("POST", "videos", HELLO | {"script": "Hello [[invalid]]"})

    assert (answer.status_code, answer.json()) == (400, {"error": "Invalid script"})
    assert not SandboxVideo.objects.exists()


def test_lost_response_leaves_a_video_behind(ask: Any) -> None:
    answer = ask("POST", "videos", HELLO | {"video_name": "Lost [[lost]] 7f3a"})

    assert answer.status_code == 502
    assert [item["video_name"] for item in ask("GET", "videos").json()["data"]] == ["Lost [[lost]] 7f3a"]
