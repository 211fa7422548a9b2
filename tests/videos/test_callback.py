"""What Tavus, or anybody, can do with a video's callback address: make it due, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tavusweb.upload_limits import CALLBACK_MAX_BYTES
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import PENDING, Status

BODIES = {
    "what Tavus sends": b'{"video_id": "v00001", "status": "ready", "hosted_url": "https://evil.example"}',
    "an error": b'{"video_id": "v00001", "status": "error"}',
    "half of it": b'{"video_id": "v0',
    "nothing": b"",
    "no JSON": b"\x00\xff\xfe<xml/>",
    "as large as allowed": b"x" * CALLBACK_MAX_BYTES,
}


@pytest.fixture
def call(client: Client) -> Callable[..., Any]:
    def call(secret: str, body: bytes = b"{}", **given: Any) -> Any:
        kind = given.pop("content_type", "application/json")
        return client.post(reverse("tavus_callback", args=[secret]), body, content_type=kind, **given)

    return call


@pytest.fixture
def rendering(make_video: Any) -> Video:
    video: Video = make_video(Status.GENERATING, progress=40, next_poll_at=timezone.now() + timedelta(minutes=5))
    return video


def changes(before: dict[str, Any]) -> dict[str, Any]:
    after = Video.objects.values().get(pk=before["id"])
    return {name: after[name] for name in after if after[name] != before[name]}


@pytest.mark.one_database
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", "a\tb"])
def test_callback_makes_the_video_due_whatever_its_body(body: bytes, kind: str, call: Any, rendering: Video) -> None:
    before = Video.objects.values().get()

    response = call(rendering.callback_secret, body, content_type=kind)

    assert (response.status_code, response.content) == (204, b"")
    assert not response.cookies
    assert changes(before).keys() == {"next_poll_at"}
    assert Video.objects.get().next_poll_at <= timezone.now()


def test_hundred_callbacks_equal_one(call: Any, rendering: Video) -> None:
    answers = {call(rendering.callback_secret).status_code for _ in range(100)}

    assert answers == {204}
    assert Video.objects.get().status == Status.GENERATING


@pytest.mark.parametrize("status", sorted(set(Status) - PENDING))
def test_callback_for_a_settled_video_changes_nothing(status: Status, call: Any, make_video: Any) -> None:
    video = make_video(status)
    before = Video.objects.values().get()

    assert call(video.callback_secret, BODIES["what Tavus sends"]).status_code == 204
    assert changes(before) == {}


@pytest.mark.parametrize("secret", ["unknown", "x" * 3000, "a b", "é", "'; DROP TABLE videos_video; --"])
def test_unknown_callback_gets_the_same_answer(secret: str, call: Any, rendering: Video) -> None:
    before = Video.objects.values().get()

    assert call(secret).status_code == 204
    assert changes(before) == {}


@pytest.mark.parametrize("size", [CALLBACK_MAX_BYTES + 1, 10**12])
def test_oversized_callback_is_refused_unread(size: int, client: Client, rendering: Video) -> None:
    before = Video.objects.values().get()
    address = reverse("tavus_callback", args=[rendering.callback_secret])

    response = client.generic("POST", address, b"x", "application/json", CONTENT_LENGTH=str(size))

    assert response.status_code == 413
    assert changes(before) == {}


@pytest.mark.parametrize("length", ["", "many", "-5"])
def test_odd_content_length_causes_no_error(length: str, client: Client, rendering: Video) -> None:
    address = reverse("tavus_callback", args=[rendering.callback_secret])

    response = client.generic("POST", address, b"x", "application/json", CONTENT_LENGTH=length)

    assert response.status_code in {204, 400}


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_only_post_is_allowed(method: str, client: Client, rendering: Video) -> None:
    assert getattr(client, method)(reverse("tavus_callback", args=[rendering.callback_secret])).status_code == 405


def test_callback_needs_no_csrf_token_and_is_not_redirected(rendering: Video) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("tavus_callback", args=[rendering.callback_secret]))

    assert response.status_code == 204


@pytest.mark.parametrize("is_known", [True, False])
def test_callback_costs_one_statement(is_known: bool, call: Any, rendering: Video) -> None:
    with CaptureQueriesContext(connection) as queries:
        call(rendering.callback_secret if is_known else "unknown")

    statements = [
        query["sql"] for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    assert len(statements) == 1, statements


def test_every_video_has_its_own_secret_callback_url(make_video: Any) -> None:
    secrets = {make_video().callback_secret for _ in range(20)}

    assert len(secrets) == 20
    assert {len(secret) for secret in secrets} == {43}
