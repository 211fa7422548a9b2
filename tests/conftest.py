"""The named cast: Maria owns a workspace with one API key; Erik edits in it; Zoe owns another and sees nothing."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.health import Health
from tavusweb.keys.models import APIKey
from tavusweb.videos.life import Status
from tavusweb.videos.models import Video
from tavusweb.workspaces.access import Role
from tavusweb.workspaces.entering import CAME_IN
from tavusweb.workspaces.models import Workspace
from tests.fake_tavus import FakeTavus, serve

SECRET = "tavus-key-1234567890"


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A file, as in real life: threads that share an in-memory SQLite collide where real processes do not."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        database.setdefault("TEST", {})["NAME"] = str(settings.HOME / f"test-{worker}.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Instead of what makes the suite slow and proves nothing here."""
    staticfiles = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES=settings.STORAGES | {"staticfiles": staticfiles},
    ):
        yield


@pytest.fixture
def maria(db: None) -> User:
    return User.objects.create_user("maria@example.com", "maria-pass-1", name="Maria")


@pytest.fixture
def workspace(maria: User) -> Workspace:
    return Workspace.objects.found("Acme", maria)


@pytest.fixture
def erik(workspace: Workspace) -> User:
    user = User.objects.create_user("erik@example.com", "erik-pass-12", name="Erik")
    workspace.memberships.create(user=user, role=Role.EDITOR)
    return user


@pytest.fixture
def zoe(db: None) -> User:
    user = User.objects.create_user("zoe@example.com", "zoe-pass-123", name="Zoe")
    Workspace.objects.found("Rival", user)
    return user


@pytest.fixture
def key(workspace: Workspace, maria: User) -> APIKey:
    """A key that works and whose replicas were just read."""
    key = APIKey.make(workspace, name="Main", secret=SECRET, is_sandbox=False, by=maria)
    key.health = Health.WORKS
    key.checked_at = key.replicas_read_at = timezone.now()
    key.look_at = timezone.now() + timedelta(hours=1)
    key.save()
    return key


@pytest.fixture
def make_video(workspace: Workspace, key: APIKey, maria: User) -> Any:
    """`make_video(status, **fields)`: a row in that status, as the program would have left it."""

    def make(status: Status = Status.WAITING, **fields: Any) -> Video:
        now = timezone.now()
        row: dict[str, Any] = {"title": "Welcome", "script": "Hello there", "replica_id": "r1", "api_key": key}
        if status == Status.WAITING:
            row["next_attempt_at"] = now
        if status in {Status.QUEUED, Status.GENERATING, Status.READY}:
            row |= {"tavus_id": f"v{Video.objects.count() + 1:05d}", "attempt": 1, "submitted_at": now}
        if status in {Status.QUEUED, Status.GENERATING}:
            row["next_poll_at"] = now
        row |= {"workspace": workspace, "created_by": maria, "status": status} | fields
        return Video.objects.create(**row)

    return make


@pytest.fixture
def tavus() -> FakeTavus:
    return FakeTavus()


@pytest.fixture
def tavus_url(tavus: FakeTavus, settings: Any) -> Iterator[str]:
    """The same Tavus behind a real port, and the settings that lead live keys there."""
    with serve(tavus) as url:
        settings.TAVUS_API_URL = url
        yield url


@pytest.fixture
def as_maria(client: Client, maria: User, workspace: Workspace) -> Client:
    """Signed in, and come into Acme: what a page costs and writes is what it always does."""
    client.force_login(maria)
    come_in(client, workspace)
    return client


def come_in(client: Client, workspace: Workspace) -> None:
    session = client.session
    session[CAME_IN] = [*session.get(CAME_IN, []), workspace.pk]
    session.save()
