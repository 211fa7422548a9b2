from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from tavusweb.sandbox import replicas

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)

# The test client's response: an HttpResponse with a `json()`.
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def the_sandbox(settings: Any) -> None:
    """Configure the sandbox with a known URL and 20 s per short video."""
    settings.SANDBOX_RENDER_SECONDS = 20.0
    settings.SITE_URL = "https://portal.example"
    settings.SECURE_SSL_REDIRECT = False
    settings.SANDBOX_KEY_CHECK = "tests.sandbox.conftest.is_ours"


def is_ours(key: str) -> bool:
    """Stand in for the key check: every key counts as issued except a stranger's."""
    return not key.startswith("stranger")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Freeze the time at nine on a Monday; `clock.shift(seconds)` moves it on."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ask(client: Client) -> Ask:
    """Call the sandbox's API: `ask("POST", "videos", {…})`, with Alice's key by default."""

    def request(method: str, path: str, body: Any = None, key: str | None = "alice") -> Any:
        headers = {} if key is None else {"x-api-key": key}
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method.lower())(f"/sandbox/v2/{path}", headers=headers, **content)

    return request


@pytest.fixture
def make(ask: Ask) -> Callable[..., str]:
    """Create a video and return its id: `make("Hello", fast=True, key="bob")`."""

    def video(script: str = "Hello", key: str = "alice", **fields: Any) -> str:
        speech = {} if "audio_url" in fields else {"script": script}
        body = {"replica_id": replicas.STOCK[0].replica_id} | speech | fields
        return str(ask("POST", "videos", body, key=key).json()["video_id"])

    return video
