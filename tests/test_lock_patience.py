"""How long one request waits for a locked SQLite: all its statements together, not each."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tavusweb.accounts.models import User
from tavusweb.lock_patience import BoundedWait
from tests import cast

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers"),
]
PATIENCE = 0.6  # seconds


@pytest.fixture
def other(db: None) -> Iterator[sqlite3.Connection]:
    """Another process, which holds the lock until it is closed or rolls back."""
    cast.maria()
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """`PATIENCE` seconds for a request; called, it tells what SQLite is set to, in milliseconds."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", PATIENCE)

    def now() -> int:
        with connection.cursor() as cursor:
            return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")
    yield now
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20000")


def answer(view: Callable[[HttpRequest], HttpResponse]) -> float:
    """Seconds that a view takes inside the middleware."""
    began = time.monotonic()
    BoundedWait(view)(RequestFactory().get("/"))
    return time.monotonic() - began


def rename() -> None:
    User.objects.update(name="Maria")


def rename_in_transaction() -> None:
    with transaction.atomic():
        rename()


@pytest.mark.parametrize("write", [rename, rename_in_transaction])
def test_waits_of_one_request_add_up_to_the_limit(write: Any, other: sqlite3.Connection, patience: Any) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        for _ in range(20):
            with suppress(OperationalError):
                write()
        return HttpResponse()

    assert PATIENCE * 0.9 < answer(view) < PATIENCE * 2
    assert patience() == PATIENCE * 1000, "the next request has the whole patience again"


def test_wait_that_succeeds_counts_too(other: sqlite3.Connection, patience: Any) -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        def let_go(execute: Any, *given: Any) -> Any:  # in the middle of the first wait
            time.sleep(PATIENCE / 2)
            other.execute("ROLLBACK")
            return execute(*given)

        with connection.execute_wrapper(let_go):
            rename()
        seen.append(patience())
        return HttpResponse()

    answer(view)

    assert 0 < seen[0] <= PATIENCE * 500


def test_request_that_waits_for_nothing_changes_nothing(db: None, patience: Any) -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        rename()
        seen.append(patience())
        return HttpResponse()

    answer(view)

    assert seen == [PATIENCE * 1000]


def test_patience_returns_after_an_error(other: sqlite3.Connection, patience: Any) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        rename()
        raise AssertionError("not reached")

    with pytest.raises(OperationalError, match="locked"):
        answer(view)

    assert patience() == PATIENCE * 1000
