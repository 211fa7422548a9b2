"""What a person is told when a key is checked, and what is kept of it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.keys import sync
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.keys.sync import CheckResult, check
from tavusweb.workspaces.models import Workspace
from tests.conftest import SECRET
from tests.fake_tavus import FakeTavus

NEW = "tavus-key-new-000001"


@pytest.fixture
def add(as_maria: Client, workspace: Workspace) -> Callable[..., Any]:
    def add(secret: str = SECRET, **fields: str) -> Any:
        return as_maria.post(reverse("key_add", args=[workspace.slug]), {"name": "Main", "secret": secret} | fields)

    return add


@pytest.fixture
def replace(as_maria: Client, key: APIKey) -> Callable[..., Any]:
    def replace(secret: str) -> Any:
        return as_maria.post(reverse("key_replace", args=[key.workspace.slug, key.pk]), {"secret": secret})

    return replace


def message_of(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.mark.parametrize(
    "pasted", [SECRET, f"  {SECRET}\n", f"\t{SECRET}\r\n\r\n", f"{SECRET[:8]}\n{SECRET[8:]}", f"\u00a0{SECRET}\u2003"]
)
def test_working_key_is_saved_without_surrounding_white_space(
    pasted: str, add: Any, tavus: FakeTavus, tavus_url: str
) -> None:
    response = add(pasted)

    key = APIKey.objects.get()
    assert response.status_code == 302
    assert message_of(response) == "Main: Key works."
    assert (key.health, key.last4) == (Health.WORKS, SECRET[-4:])
    assert key.checked_at
    assert key.replicas_refresh_at <= timezone.now(), "its replicas are read in the background"
    assert [request.headers["x-api-key"] for request in tavus.requests] == [SECRET]
    assert tavus.requests[0].url.path == "/v2/replicas"


def test_unrecognised_key_is_refused_and_not_saved(add: Any, tavus_url: str) -> None:
    page = add("tavus-key-of-nobody")

    assert page.status_code == 422
    assert "recognise this API key" in str(page.context["form"].errors["secret"])
    assert "tavus-key-of-nobody" not in page.content.decode()
    assert 'value="Main"' in page.content.decode(), "the name need not be typed again"
    assert not APIKey.objects.exists()


@pytest.mark.parametrize(
    ("answer", "health", "words"),
    [
        (httpx.Response(403, json={"message": "IP not allowed"}), Health.NOT_ALLOWED, "list of allowed addresses"),
        (httpx.Response(402), Health.OUT_OF_CREDITS, "out of credits"),
        (httpx.Response(429, headers={"Retry-After": "7"}), Health.RATE_LIMITED, "slow down"),
        (httpx.Response(502, text="<h1>Bad gateway</h1>"), Health.UNCHECKED, "reach Tavus"),
        (httpx.Response(200, text="not json"), Health.UNCHECKED, "reach Tavus"),
        (httpx.Response(400, json={"error": "Something else"}), Health.UNCHECKED, "reach Tavus"),
    ],
)
def test_other_trouble_is_explained_and_the_key_kept(
    answer: Any, health: Health, words: str, add: Any, tavus: FakeTavus, tavus_url: str
) -> None:
    tavus.next_answers.append(answer)

    response = add()

    key = APIKey.objects.get()
    assert response.status_code == 302
    assert words in message_of(response)
    assert key.health == health
    if health == Health.UNCHECKED:
        assert key.replicas_refresh_at <= timezone.now(), "it is checked again in the background"
    else:
        assert key.submissions_wait_until
        assert key.submissions_wait_until > timezone.now()


def test_unreachable_tavus_leaves_the_key_unchecked(add: Any) -> None:
    response = add()

    assert "reach Tavus" in message_of(response)
    assert APIKey.objects.get().health == Health.UNCHECKED


@pytest.fixture
def silence() -> Iterator[str]:
    """A server that takes the connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_hanging_server_does_not_block_the_page(
    add: Any, silence: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TAVUS_API_URL = silence
    monkeypatch.setattr(sync, "CHECK_SECONDS", 0.3)
    began = time.monotonic()

    response = add()

    assert time.monotonic() - began < 2
    assert "reach Tavus" in message_of(response)


def test_hanging_name_server_does_not_block_the_page(
    key: APIKey, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TAVUS_API_URL = "http://tavus.example"
    monkeypatch.setattr(sync, "CHECK_SECONDS", 0.3)
    released = threading.Event()

    def hang(*args: Any, **kwargs: Any) -> None:
        released.wait(10)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()

    try:
        answer = check(key)
        took = time.monotonic() - began
    finally:
        released.set()

    assert took < 2
    assert answer.health == Health.UNREACHABLE


@pytest.mark.parametrize(
    ("secret", "sentence"),
    [
        ("", "Paste the API key"),
        (" \n ", "Paste the API key"),
        ("tavus-kéy", "only letters, digits and symbols"),
        ("tavus\x00key", "only letters, digits and symbols"),
        ("tavus\x07key", "only letters, digits and symbols"),
        ("tavus\u200bkéy", "only letters, digits and symbols"),
        ("x" * 501, "at most 500"),
    ],
)
def test_malformed_key_is_not_sent_to_tavus(
    secret: str, sentence: str, add: Any, tavus: FakeTavus, tavus_url: str
) -> None:
    page = add(secret)

    assert page.status_code == 422
    assert sentence in str(page.context["form"].errors["secret"])
    assert not tavus.requests
    assert not APIKey.objects.exists()


def test_sandbox_key_uses_the_sandbox_and_needs_no_secret(
    add: Any, tavus: FakeTavus, tavus_url: str, settings: Any
) -> None:
    settings.SANDBOX_API_URL = f"{tavus_url}/sandbox"
    tavus.next_answers.append(httpx.Response(200, json={"data": [], "total_count": 0}))

    add("", is_sandbox="on")

    key = APIKey.objects.get()
    assert key.is_sandbox
    assert tavus.requests[0].url.path == "/sandbox/v2/replicas"


def test_sandbox_choice_is_hidden_without_a_sandbox(add: Any, settings: Any) -> None:
    settings.SANDBOX = False

    page = add("", is_sandbox="on")

    assert list(page.context["form"].errors) == ["secret"]


def test_key_names_are_unique_in_a_workspace(add: Any, key: APIKey, tavus_url: str) -> None:
    assert "has this name" in str(add().context["form"].errors["name"])
    assert APIKey.objects.count() == 1


def test_form_sent_twice_adds_one_key(add: Any, tavus_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(key: APIKey, *, secret: str = "") -> CheckResult:
        twin = APIKey.make(key.workspace, name=key.name, secret=SECRET, is_sandbox=False, by=None)
        twin.save()
        return CheckResult(Health.WORKS)

    monkeypatch.setattr(sync, "check", meanwhile)

    page = add()

    assert page.status_code == 422
    assert "has this name" in str(page.context["form"].errors["name"])
    assert APIKey.objects.count() == 1


# Checking and replacing one that is there.


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "Main: Key works."),
        (httpx.Response(401, json={"message": "Invalid access token"}), "Not recognised"),
        (httpx.Response(403), "Not allowed from this server"),
        (httpx.Response(402), "Out of credits"),
        (httpx.Response(503), "reach Tavus"),
    ],
)
def test_key_is_checked_on_demand(
    answer: Any, words: str, as_maria: Client, key: APIKey, tavus: FakeTavus, tavus_url: str
) -> None:
    tavus.next_answers.extend([answer] if answer else [])

    response = as_maria.post(reverse("key_check", args=[key.workspace.slug, key.pk]))

    assert words in message_of(response)
    assert tavus.requests[0].headers["x-api-key"] == SECRET


def test_check_does_not_prove_credits(as_maria: Client, key: APIKey, tavus_url: str) -> None:
    key.record_trouble(Health.OUT_OF_CREDITS, "")

    response = as_maria.post(reverse("key_check", args=[key.workspace.slug, key.pk]))

    key.refresh_from_db()
    assert "whether the account has credits" in message_of(response)
    assert (key.health, key.submissions_wait_until) == (Health.OUT_OF_CREDITS, None)


def test_undecryptable_key_says_so(as_maria: Client, key: APIKey, settings: Any) -> None:
    settings.FIELD_KEYS = ["bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4="]

    response = as_maria.post(reverse("key_check", args=[key.workspace.slug, key.pk]))

    assert "Can’t be decrypted" in message_of(response)
    key.refresh_from_db()
    assert key.health == Health.UNREADABLE


def test_new_secret_replaces_the_old_one(replace: Any, key: APIKey, tavus: FakeTavus, tavus_url: str) -> None:
    tavus.keys = {NEW}
    APIKey.objects.update(health=Health.NOT_RECOGNISED, submissions_wait_until=timezone.now())

    response = replace(f" {NEW}\n")

    stored = APIKey.objects.get()
    assert response.status_code == 302
    assert (stored.pk, stored.last4, stored.health) == (key.pk, NEW[-4:], Health.WORKS)
    assert stored.submissions_wait_until is None, "its videos go on at once"
    assert stored.replaced_at
    assert check(stored).health == Health.WORKS


def test_unrecognised_new_secret_keeps_the_old_one(replace: Any, key: APIKey, tavus_url: str) -> None:
    before = APIKey.objects.values().get()

    page = replace(NEW)

    assert page.status_code == 422
    assert "The old key is still in place" in page.content.decode()
    assert NEW not in page.content.decode()
    assert f"…{SECRET[-4:]}" in page.content.decode()
    assert APIKey.objects.values().get() == before


def test_key_deleted_during_the_check_gets_no_secret(
    replace: Any, key: APIKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(key: APIKey, *, secret: str = "") -> CheckResult:
        assert APIKey.objects.get(pk=key.pk).retire()
        return CheckResult(Health.WORKS)

    monkeypatch.setattr(sync, "check", meanwhile)

    response = replace(NEW)

    assert response.status_code == 404
    assert APIKey.objects.get().sealed == ""


def test_database_enforces_unique_names(key: APIKey) -> None:
    twin = APIKey.make(key.workspace, name=key.name, secret=NEW, is_sandbox=False, by=None)

    with pytest.raises(IntegrityError):
        twin.save()
