"""A claim and a replacement of its key at the same moment: the secret that is sent is the one that is looked up with.

Only where writers overlap: SQLite lets one in at a time.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.conftest import SECRET

NEW = "tavus-key-0987654321"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time"),
]


class Other(threading.Thread):
    """What another process does meanwhile, on a connection of its own."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act = act
        self.backend = 0
        self.is_connected = threading.Event()

    def run(self) -> None:
        self.backend = backend()
        self.is_connected.set()
        try:
            self.act()
        finally:
            connection.close()


def backend() -> int:
    connection.ensure_connection()
    pid: int = connection.connection.info.backend_pid
    return pid


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it does not come to that")


def waits_for_a_lock(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return bool(cursor.fetchone()[0])


@pytest.fixture
def replace(key: APIKey, maria: User) -> Callable[[], bool]:
    return lambda: APIKey.objects.get(pk=key.pk).replace_secret(NEW, by=maria)


def test_claim_during_a_replacement_fails(
    make_video: Any, replace: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    video, claimer = make_video(), backend()
    is_held, is_claimed = threading.Event(), threading.Event()
    leave_behind = APIKey._leave_behind

    def held_open(self: APIKey, by: User) -> None:
        leave_behind(self, by)
        is_held.set()
        wait_until(lambda: is_claimed.is_set() or waits_for_a_lock(claimer))

    monkeypatch.setattr(APIKey, "_leave_behind", held_open)
    replacing = Other(replace)
    replacing.start()
    assert is_held.wait(10)
    was_claimed = video.claim()
    is_claimed.set()
    replacing.join()

    assert not was_claimed
    assert Video.objects.get().status == Status.WAITING


def test_video_claimed_during_key_replacement_keeps_the_old_secret(
    make_video: Any, key: APIKey, replace: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    video, replacing = make_video(), Other(replace)
    note = Video._note

    def held_open(self: Video, *args: Any, **moved: Any) -> None:
        note(self, *args, **moved)
        replacing.start()
        assert replacing.is_connected.wait(10)
        wait_until(lambda: not replacing.is_alive() or waits_for_a_lock(replacing.backend))

    monkeypatch.setattr(Video, "_note", held_open)
    was_claimed = video.claim()
    replacing.join()

    held = Video.objects.get()
    assert was_claimed
    assert (held.status, held.api_key.last4, held.api_key.successor) == (Status.SENDING, SECRET[-4:], key)
