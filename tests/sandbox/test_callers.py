"""Only keys that this instance issued get a response. Other callers learn nothing and store nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.sandbox import replicas
from tavusweb.workspaces.models import Workspace

pytestmark = pytest.mark.django_db

HELLO = {"replica_id": replicas.STOCK[0].replica_id, "script": "Hello"}
REFUSAL = (401, {"message": "Invalid access token"})
EVERYTHING = [
    *(
        ("GET", "videos"),
        ("POST", "videos"),
        ("GET", "videos/{}"),
        ("DELETE", "videos/{}"),
        ("PATCH", "videos/{}/name"),
    ),
    *(("PUT", "videos"), ("GET", "videos?page=x"), ("GET", "videos/0123456789"), ("DELETE", "videos/{}?hard=true")),
    *(("GET", "replicas"), ("POST", "replicas"), ("GET", "replicas/r0"), ("DELETE", "replicas/r5a11d0b0c01")),
    *(("PATCH", "replicas/r5a11d0b0c01/name"), ("POST", "faces"), ("DELETE", "faces/r5a11d0b0c01"), ("GET", "voices")),
    *(("GET", "nowhere"), ("GET", ""), ("POST", "videos/{}/nowhere")),
]


def rows() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in apps.get_app_config("sandbox").get_models()}


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_unknown_key_is_refused_before_anything_else(
    ask: Any, make: Callable[..., str], method: str, path: str
) -> None:
    path = path.format(make())
    before = rows()

    for key in (None, "", "  ", "stranger", "stranger-down-", "stranger-[[pages-from-1]]"):
        answer = ask(method, path, None if method in {"GET", "DELETE"} else HELLO, key=key)
        assert (answer.status_code, answer.json()) == REFUSAL, key

    assert rows() == before
    assert ask("GET", "videos").json()["data"][0]["status"] == "queued", "what was there is untouched"


@pytest.mark.parametrize("body", ["{not json", "[" * 100_000, "a" * 3_000_000, b"\xff\xfe"])
def test_key_is_checked_before_the_body_is_read(ask: Any, body: Any) -> None:
    answer = ask("POST", "videos", body, key="stranger")

    assert (answer.status_code, answer.json()) == REFUSAL


class TestWithTheInstancesOwnKeys:
    """The same with the real key check named in the settings."""

    SECRET = "sandbox-of-acme-1"

    @pytest.fixture(autouse=True)
    def _real_keys(self, settings: Any) -> None:
        settings.SANDBOX_KEY_CHECK = "tavusweb.keys.issued.is_issued"
        cache.clear()

    @pytest.fixture
    def sandbox_key(self, workspace: Workspace, maria: User) -> APIKey:
        key = APIKey.make(workspace, name="Practice", secret=self.SECRET, is_sandbox=True, by=maria)
        key.save()
        return key

    def test_key_that_no_workspace_holds_is_unknown(self, ask: Any, key: APIKey, sandbox_key: APIKey) -> None:
        live = "tavus-key-1234567890"
        for stranger in ("anything", "down-", "blocked-x", "nocredits-", "many-", live, self.SECRET.upper()):
            for method, path in (("GET", "videos"), ("POST", "videos"), ("POST", "replicas")):
                answer = ask(method, path, HELLO, key=stranger) if method == "POST" else ask(method, path, key=stranger)
                assert (answer.status_code, answer.json()) == REFUSAL, stranger
        assert set(rows().values()) == {0}

    def test_workspace_key_works_until_it_is_deleted(self, ask: Any, sandbox_key: APIKey) -> None:
        assert ask("POST", "videos", HELLO, key=self.SECRET).status_code == 200

        sandbox_key.retire()

        assert ask("GET", "videos", key=self.SECRET).status_code == 401

    def test_replaced_secret_is_unknown_immediately(self, ask: Any, sandbox_key: APIKey, maria: User) -> None:
        sandbox_key.replace_secret("sandbox-of-acme-2", by=maria)

        assert ask("GET", "videos", key=self.SECRET).status_code == 401
        assert ask("GET", "videos", key="sandbox-of-acme-2").status_code == 200

    def test_issued_key_can_simulate_errors(self, ask: Any, workspace: Workspace, maria: User) -> None:
        APIKey.make(workspace, name="Blocked", secret="blocked-1", is_sandbox=True, by=maria).save()

        assert ask("GET", "videos", key="blocked-1").status_code == 403
        assert ask("GET", "videos", key="blocked-2").status_code == 401

    def test_page_takes_three_queries(self, ask: Any, sandbox_key: APIKey, django_assert_num_queries: Any) -> None:
        ask("POST", "videos", HELLO, key=self.SECRET)

        with django_assert_num_queries(3):
            ask("GET", "videos", key=self.SECRET)
