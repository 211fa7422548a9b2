"""The named cast: Maria owns Acme with one API key; Zoe owns another workspace and sees nothing of it.

`conftest.py` makes them anew for each test. Where many tests only look, `lasting` makes them once.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tavusweb.accounts.models import User
from tavusweb.keys.health import Health
from tavusweb.keys.models import APIKey
from tavusweb.videos.life import Status
from tavusweb.videos.models import Video
from tavusweb.workspaces.models import Workspace

SECRET = "tavus-key-1234567890"

Made = TypeVar("Made")


def maria() -> User:
    return User.objects.create_user("maria@example.com", "maria-pass-1", name="Maria")


def zoe() -> User:
    user = User.objects.create_user("zoe@example.com", "zoe-pass-123", name="Zoe")
    Workspace.objects.found("Rival", user)
    return user


def working_key(workspace: Workspace, by: User) -> APIKey:
    """A key that works and whose replicas were just read."""
    key = APIKey.make(workspace, name="Main", secret=SECRET, is_sandbox=False, by=by)
    key.health = Health.WORKS
    key.checked_at = key.replicas_read_at = timezone.now()
    key.look_at = timezone.now() + timedelta(hours=1)
    key.save()
    return key


def video(key: APIKey, by: User, status: Status = Status.WAITING, **fields: Any) -> Video:
    """A row in that status, as the program would have left it."""
    now = timezone.now()
    row: dict[str, Any] = {"title": "Welcome", "script": "Hello there", "replica_id": "r1", "api_key": key}
    if status == Status.WAITING:
        row["next_attempt_at"] = now
    if status in {Status.QUEUED, Status.GENERATING, Status.READY}:
        row |= {"tavus_id": f"v{Video.objects.count() + 1:05d}", "attempt": 1, "submitted_at": now}
    if status in {Status.QUEUED, Status.GENERATING}:
        row["next_poll_at"] = now
    row |= {"workspace": key.workspace, "created_by": by, "status": status} | fields
    return Video.objects.create(**row)


def same_session(client: Client) -> Client:
    """Another browser with a copy of this one's cookies."""
    copy = Client()
    copy.cookies = deepcopy(client.cookies)
    return copy


def lasting(make: Callable[[], Made], blocker: DjangoDbBlocker) -> Iterator[Made]:
    """For a fixture of a whole module or class: rows that every test in it finds as they were made.

    They are undone at the end; each test's own transaction lies within theirs and is undone before.
    """
    with blocker.unblock(), transaction.atomic():
        made = make()
        with blocker.block():
            yield made
        transaction.set_rollback(True)
