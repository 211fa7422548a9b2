"""Fixtures for all tests: the named cast, a fake Tavus, and a copied database."""

import gc
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.workspaces.access_log import ENTERED
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role
from tests import cast, database, lean
from tests.fake_tavus import FakeTavus, serve
from tests.sweeping import sweep, sweep_over, witness  # noqa: F401 - fixtures of several rooms

SECRET = cast.SECRET
IS_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    lean.leave_out_fixtures(items)


def pytest_collection_finish() -> None:
    """Freeze long-lived objects and collect garbage rarely: it took a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(templates: Path) -> None:
    """Use a database file as in production: threads sharing an in-memory SQLite collide where processes do not."""
    if IS_SQLITE:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        file = settings.HOME / f"test-{worker}.sqlite3"
        database.copy_to(file, templates)
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(file)


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Reuse the copied database if there is one."""
    return IS_SQLITE or bool(request.config.option.reuse_db)


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest) -> Path:
    """Return the folder that keeps the migrated database between runs."""
    cache = getattr(request.config, "cache", None)  # missing with `-p no:cacheprovider`
    folder: Path = cache.mkdir("database") if cache else settings.HOME / "database"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def quick(django_test_environment: None) -> Iterator[None]:
    """Replace slow parts that prove nothing in these tests."""
    staticfiles = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with (
        override_settings(
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            STORAGES=settings.STORAGES | {"staticfiles": staticfiles},
        ),
        patch.object(Client, "force_login", cast.sign_in),
        lean.pages_only(),
        lean.quick_flush(),
    ):
        yield


@pytest.fixture
def every_template() -> Iterator[None]:
    """Let `response.templates` name included and extended templates, for the few tests that ask."""
    with lean.every_template():
        yield


@pytest.fixture
def maria(db: None) -> User:
    return cast.maria()


@pytest.fixture
def workspace(maria: User) -> Workspace:
    return Workspace.objects.create_with_owner("Acme", maria)


@pytest.fixture
def erik(workspace: Workspace) -> User:
    user = User.objects.create_user("erik@example.com", "erik-pass-12", name="Erik")
    workspace.memberships.create(user=user, role=Role.EDITOR)
    return user


@pytest.fixture
def zoe(db: None) -> User:
    return cast.zoe()


@pytest.fixture
def key(workspace: Workspace, maria: User) -> APIKey:
    return cast.working_key(workspace, maria)


@pytest.fixture
def make_video(key: APIKey, maria: User) -> Callable[..., Video]:
    """`make_video(status, **fields)`: a row in this status, as the program would have left it."""
    return partial(cast.video, key, maria)


@pytest.fixture
def tavus() -> FakeTavus:
    return FakeTavus()


@pytest.fixture
def tavus_url(tavus: FakeTavus, settings: Any) -> Iterator[str]:
    """Serve the fake Tavus on a real port, with settings that send live keys there."""
    with serve(tavus) as url:
        settings.TAVUS_API_URL = url
        yield url


@pytest.fixture
def as_maria(client: Client, maria: User, workspace: Workspace) -> Client:
    """Maria signed in, with her visit to Acme recorded, so that pages cost and write what they always do."""
    cast.sign_in(client, maria, noted={ENTERED: [workspace.pk]})
    return client
