"""The named cast: Maria owns Acme with one API key; Zoe owns another workspace and sees nothing of it.

`conftest.py` creates them for each test; `lasting` creates them once where many tests only read.
"""

import string
import time
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string
from pytest_django import DjangoDbBlocker

from tavusweb.accounts.models import User
from tavusweb.accounts.sessions import LISTED_AT, SIGNED_IN_AT
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

SECRET = "tavus-key-1234567890"

Made = TypeVar("Made")
sign_in_through_signals = Client.force_login


def maria() -> User:
    return User.objects.create_user("maria@example.com", "maria-pass-1", name="Maria")


def zoe() -> User:
    user = User.objects.create_user("zoe@example.com", "zoe-pass-123", name="Zoe")
    Workspace.objects.create_with_owner("Rival", user)
    return user


def working_key(workspace: Workspace, by: User) -> APIKey:
    """Create a working key with up-to-date replicas."""
    key = APIKey.make(workspace, name="Main", secret=SECRET, is_sandbox=False, by=by)
    key.health = Health.WORKS
    key.checked_at = key.replicas_read_at = timezone.now()
    key.replicas_refresh_at = timezone.now() + timedelta(hours=1)
    key.save()
    return key


def video(key: APIKey, by: User, status: Status = Status.WAITING, **fields: Any) -> Video:
    """Create a row in this status, as the program would have left it."""
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


def sign_in(client: Client, user: User, backend: str | None = None, *, noted: Mapping[str, Any] | None = None) -> None:
    """Give the client a signed-in session as a single row; `noted` is additional session data.

    Django's `force_login` creates and rotates a session, writes the user and records an audit event: 18 statements.
    A test of signing in itself uses the form or `sign_in_through_signals`.
    """
    if settings.SESSION_COOKIE_NAME in client.cookies:  # keep what the session already contains
        sign_in_through_signals(client, user, backend)
        return
    now, store = time.time(), SessionStore()
    held = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: backend or settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        SIGNED_IN_AT: now,
        LISTED_AT: now,
    }
    row = Session(
        session_key=get_random_string(32, string.ascii_lowercase + string.digits),
        session_data=store.encode(held | dict(noted or {})),
        expire_date=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    row.save(force_insert=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = row.session_key


def same_session(client: Client) -> Client:
    """Return a second browser with a copy of this one's cookies."""
    copy = Client()
    copy.cookies = deepcopy(client.cookies)
    return copy


def lasting(make: Callable[[], Made], blocker: DjangoDbBlocker) -> Iterator[Made]:
    """Create rows for a module or class fixture, unchanged for every test in it.

    They are rolled back at the end; each test's own transaction is nested in theirs and rolled back first.
    """
    with blocker.unblock(), transaction.atomic():
        made = make()
        with blocker.block():
            yield made
        transaction.set_rollback(True)
