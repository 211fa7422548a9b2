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
    """A sandbox that takes 20 s for a short video, at a known address."""
    settings.SANDBOX_RENDER_SECONDS = 20.0
    settings.SITE_URL = "https://portal.example"
    settings.SECURE_SSL_REDIRECT = False
    settings.SANDBOX_KEY_CHECK = "tests.sandbox.conftest.is_ours"


def is_ours(key: str) -> bool:
    """Stands for the instance's API keys: all are issued but those of strangers."""
    return not key.startswith("stranger")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday at nine; `clock.shift(seconds)` lets time pass."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ask(client: Client) -> Ask:
    """Asks the sandbox's API: `ask("POST", "videos", {…})`, with Alice's key unless another one is given."""

    def request(method: str, path: str, body: Any = None, key: str | None = "alice") -> Any:
        headers = {} if key is None else {"x-api-key": key}
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method.lower())(f"/sandbox/v2/{path}", headers=headers, **content)

    return request


@pytest.fixture
def make(ask: Ask) -> Callable[..., str]:
    """Asks for a video and returns its id: `make("Hello", fast=True, key="bob")`."""

    def video(script: str = "Hello", key: str = "alice", **fields: Any) -> str:
        speech = {} if "audio_url" in fields else {"script": script}
        body = {"replica_id": replicas.STOCK[0].replica_id} | speech | fields
        return str(ask("POST", "videos", body, key=key).json()["video_id"])

    return video
