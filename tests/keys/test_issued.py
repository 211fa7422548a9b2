"""Which secrets the sandbox answers, from a key's first check to its deletion."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.keys import issued
from tavusweb.keys.health_states import Health
from tavusweb.keys.issued import is_issued
from tavusweb.keys.models import APIKey, digest_of
from tavusweb.keys.sync import check
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tests.fake_tavus import FakeTavus

OLD, NEW = "sandbox-old-secret", "sandbox-new-secret"


@pytest.fixture(autouse=True)
def _no_trials(db: None) -> None:
    cache.clear()


@pytest.fixture
def sandbox_key(workspace: Workspace, maria: User) -> APIKey:
    key = APIKey.make(workspace, name="Practice", secret=OLD, is_sandbox=True, by=maria)
    key.save()
    return key


def test_only_sandbox_keys_are_issued(sandbox_key: APIKey, key: APIKey) -> None:
    assert is_issued(OLD)
    assert not is_issued("tavus-key-1234567890")
    assert not is_issued("sandbox-of-nobody")
    assert not is_issued("")


def test_deleted_key_is_no_longer_issued(sandbox_key: APIKey) -> None:
    assert sandbox_key.retire()

    assert not is_issued(OLD)
    assert not APIKey.objects.filter(sandbox_digest=digest_of(OLD)).exists()


def test_keys_of_a_deleted_workspace_are_no_longer_issued(sandbox_key: APIKey, workspace: Workspace) -> None:
    workspace.delete()

    assert not is_issued(OLD)


def test_replaced_secret_is_no_longer_issued(sandbox_key: APIKey, maria: User) -> None:
    assert sandbox_key.replace_secret(NEW, by=maria)

    assert is_issued(NEW)
    assert not is_issued(OLD)


def test_replaced_secret_stays_issued_while_it_drains(sandbox_key: APIKey, make_video: Any, maria: User) -> None:
    make_video(Status.QUEUED, api_key=sandbox_key)
    assert sandbox_key.replace_secret(NEW, by=maria)

    assert is_issued(OLD)
    sandbox_key.predecessors.get().give_up()
    assert not is_issued(OLD)
    assert is_issued(NEW)


def test_frozen_key_stays_issued(sandbox_key: APIKey, maria: User) -> None:
    sandbox_key.freeze(by=maria)

    assert is_issued(OLD)


def test_unsaved_key_is_accepted_only_during_its_check(
    workspace: Workspace, tavus: FakeTavus, tavus_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issued, "TRIAL_SECONDS", 0)  # expires as soon as it is set
    settings.SANDBOX_API_URL = f"{tavus_url}/sandbox"
    key = APIKey.make(workspace, name="New", secret=NEW, is_sandbox=True, by=None)
    assert not is_issued(NEW)

    check(key)

    assert not is_issued(NEW)
    monkeypatch.setattr(issued, "TRIAL_SECONDS", 15)
    check(key)
    assert is_issued(NEW)


def test_check_of_a_live_key_issues_nothing(workspace: Workspace, tavus_url: str) -> None:
    check(APIKey.make(workspace, name="New", secret=NEW, is_sandbox=False, by=None))

    assert not is_issued(NEW)


def test_new_secret_is_accepted_during_its_check(sandbox_key: APIKey, tavus_url: str) -> None:
    check(sandbox_key, secret=NEW)

    assert is_issued(NEW)


def test_replacing_a_key_ends_the_old_secret(
    as_maria: Client, sandbox_key: APIKey, tavus: FakeTavus, tavus_url: str, settings: Any
) -> None:
    settings.SANDBOX_API_URL = tavus_url
    tavus.keys.add(NEW)

    as_maria.post(reverse("key_replace", args=[sandbox_key.workspace.slug, sandbox_key.pk]), {"secret": NEW})

    assert is_issued(NEW)
    assert not is_issued(OLD)


@pytest.mark.django_db(transaction=True)
class TestWithTheBundledSandbox:
    """The page that adds a key asks the sandbox itself, in another thread, before there is a row."""

    @pytest.fixture(autouse=True)
    def _at_a_port(self, live_server: Any, settings: Any) -> None:
        settings.SANDBOX_API_URL = f"{live_server.url}/sandbox"

    @pytest.mark.parametrize(
        ("secret", "health"),
        [
            ("any text of a person", Health.WORKS),
            ("nocredits-1", Health.WORKS),
            ("blocked-1", Health.NOT_ALLOWED),
            ("down-1", Health.UNCHECKED),
            ("", Health.WORKS),
        ],
    )
    def test_sandbox_key_can_be_any_text(
        self, as_maria: Client, workspace: Workspace, secret: str, health: Health
    ) -> None:
        form = {"name": "Practice", "secret": secret, "is_sandbox": "on"}
        answer = as_maria.post(reverse("key_add", args=[workspace.slug]), form)

        assert answer.status_code == 302
        assert APIKey.objects.get().health == health

    def test_rejected_key_leaves_no_row(self, as_maria: Client, workspace: Workspace) -> None:
        form = {"name": "Practice", "secret": "bad-1", "is_sandbox": "on"}
        answer = as_maria.post(reverse("key_add", args=[workspace.slug]), form)

        assert answer.status_code == 422
        assert not APIKey.objects.exists()

    def test_new_secret_replaces_the_old_one(self, as_maria: Client, sandbox_key: APIKey) -> None:
        url = reverse("key_replace", args=[sandbox_key.workspace.slug, sandbox_key.pk])
        answer = as_maria.post(url, {"secret": NEW})

        assert answer.status_code == 302
        assert check(APIKey.objects.get()).health == Health.WORKS
        assert not is_issued(OLD)
