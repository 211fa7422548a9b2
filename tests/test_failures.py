"""Typed text is returned if it cannot be saved: expired token, ended session, locked or full database."""

import sqlite3
import threading
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_started
from django.db import OperationalError, connection
from django.test import Client

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.storage_problems import Kind, problem_of
from tavusweb.videos.models import Video
from tavusweb.workspaces.models import Workspace
from tests import cast
from tests.strictness import faults
from tests.videos.test_forms import GOOD

NEW = "/w/acme/videos/new/"
HOURS = GOOD | {"script": "Hours of <work>\nand more", "title": "Café 👍", "intent": "draft"}
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers")
commits = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(db: None) -> Workspace:
    maria = cast.maria()
    workspace = Workspace.objects.create_with_owner("Acme", maria)
    cast.working_key(workspace, maria)
    return workspace


@pytest.fixture
def locked(committed: Workspace) -> Iterator[sqlite3.Connection]:
    """Lock the database like another process that never finishes; requests wait only briefly."""
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    other.execute("BEGIN IMMEDIATE")
    yield other
    if other.in_transaction:
        other.execute("ROLLBACK")
    other.close()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20000")


@pytest.fixture
def typing(committed: Workspace) -> Client:
    client = Client(raise_request_exception=False, headers=FROM_HERE)
    client.force_login(User.objects.get())
    return client


@only_sqlite
@commits
def test_locked_database_returns_everything_typed(typing: Client, locked: sqlite3.Connection) -> None:
    answer = typing.post(NEW, HOURS)

    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Nothing was saved" in page
    assert "busy" in page
    assert "Hours of &lt;work&gt;\nand more</textarea>" in page
    assert 'value="Café 👍"' in page
    assert f'action="{NEW}"' in page
    assert faults(answer) == []


@only_sqlite
@commits
def test_returned_form_can_be_sent_again(typing: Client, locked: sqlite3.Connection) -> None:
    context = typing.post(NEW, HOURS).context or {}
    locked.execute("ROLLBACK")

    again = {field.name: field.value for field in context["typed"].fields} if context else HOURS
    assert typing.post(NEW, again).status_code == 302
    assert Video.objects.get().script == "Hours of <work>\nand more"


@only_sqlite
@commits
def test_request_waits_for_a_short_lock(typing: Client, locked: sqlite3.Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20000")
    is_asked = threading.Event()
    release = threading.Thread(target=lambda: is_asked.wait(20) and locked.execute("ROLLBACK"))
    release.start()

    def note(**signal: Any) -> None:
        is_asked.set()

    request_started.connect(note)
    try:
        answer = typing.post(NEW, HOURS)
    finally:
        request_started.disconnect(note)
        release.join()

    assert answer.status_code == 302
    assert Video.objects.exists()


@only_sqlite
@commits
def test_readyz_reports_a_locked_database(committed: Workspace, locked: sqlite3.Connection) -> None:
    with patch("tavusweb.backoffice.readiness.LOCKED_AFTER_MS", 10):
        answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, "locked")
    assert answer.json()["reasons"] == ["The database is locked by another process, so nothing can be written."]


def test_readyz_reports_a_full_disk(db: None) -> None:
    with patch("tavusweb.backoffice.readiness.TemporaryFile", side_effect=OSError(28, "No space left on device")):
        answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, "full")
    assert answer.json()["reasons"] == ["The disk is full, so nothing can be written."]


@only_sqlite
@commits
def test_full_database_returns_everything_typed(typing: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # space freed by other tests would allow writes
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            answer = typing.post(NEW, HOURS | {"script": "Hours of work. " * 3_000})
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")

    assert answer.status_code == 503
    assert "disk is full" in answer.content.decode()
    assert "Hours of work. Hours of work." in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OperationalError("database is locked"), Kind.LOCKED),
        (OperationalError("database or disk is full"), Kind.FULL),
        (OperationalError("attempt to write a readonly database"), Kind.READ_ONLY),
        (OperationalError("connection refused"), Kind.DOWN),
        (OSError(28, "No space left on device"), Kind.FULL),
    ],
)
def test_storage_problems_are_distinguished(error: Exception, kind: Kind) -> None:
    problem = problem_of(error)

    assert problem
    assert problem.kind == kind


@pytest.mark.parametrize("error", [ValueError("x"), FileNotFoundError(2, "x"), None])
def test_other_errors_are_not_storage_problems(error: Exception | None) -> None:
    assert problem_of(error) is None


@pytest.mark.parametrize(("site", "is_shown"), [("same-origin", True), ("cross-site", False), ("", False)])
def test_expired_csrf_token_returns_what_was_typed_without_secrets(
    site: str, is_shown: bool, maria: User, workspace: Workspace
) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": site} if site else {})
    client.force_login(maria)

    form = {"name": "Production key", "secret": "sk-very-secret-1234", "csrfmiddlewaretoken": "old"}
    answer = client.post("/w/acme/keys/add/", form)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert ("Production key" in page) is is_shown
    assert ('type="password"' in page) is is_shown
    assert "sk-very-secret-1234" not in page
    assert faults(answer) == []


def test_expired_csrf_token_is_replaced_so_the_form_can_be_sent_again(
    maria: User, workspace: Workspace, key: APIKey
) -> None:
    client = Client(enforce_csrf_checks=True, headers=FROM_HERE)
    client.force_login(maria)
    page: Any = client.post(NEW, HOURS | {"csrfmiddlewaretoken": "old"})

    again = {field.name: field.value for field in page.context["typed"].fields}
    answer = client.post(NEW, again | {"csrfmiddlewaretoken": str(page.context["csrf_token"])})

    assert answer.status_code == 302
    assert Video.objects.get().script == "Hours of <work>\nand more"


def test_ended_session_returns_what_was_typed(workspace: Workspace) -> None:
    answer = Client(headers=FROM_HERE).post(NEW, HOURS)

    page = answer.content.decode()
    assert answer.status_code == 401
    assert "signed out" in page
    assert "Hours of &lt;work&gt;\nand more</textarea>" in page
    assert faults(answer) == []


ORIGINS = [
    ({"Origin": "http://testserver"}, True),
    ({"Origin": "http://other.example"}, False),
    ({"Origin": "http://testserver:8000"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"}, False),
    ({}, False),
]


@pytest.mark.parametrize(("headers", "is_shown"), ORIGINS)
def test_origin_header_identifies_own_forms_on_plain_http(
    headers: dict[str, str], is_shown: bool, maria: User, workspace: Workspace
) -> None:
    ended = Client(headers=headers).post(NEW, HOURS)
    old = Client(enforce_csrf_checks=True, headers=headers)
    old.force_login(maria)
    refused = old.post(NEW, HOURS | {"csrfmiddlewaretoken": "old"})

    assert ended.status_code == (401 if is_shown else 302)
    assert refused.status_code == 403
    for answer in (ended, refused):
        assert ("Hours of &lt;work&gt;" in answer.content.decode()) is is_shown


def test_form_sent_by_another_site_is_not_returned(workspace: Workspace) -> None:
    answer = Client(headers={"Sec-Fetch-Site": "cross-site"}).post(NEW, HOURS)

    assert answer.status_code == 302
    assert "Hours" not in answer.content.decode()


def test_server_error_returns_what_was_typed(as_maria: Client, workspace: Workspace, key: APIKey) -> None:
    as_maria.raise_request_exception = False
    with patch("tavusweb.videos.actions.save_draft", side_effect=ValueError("a defect")):
        answer = as_maria.post(NEW, HOURS, headers=FROM_HERE)

    assert answer.status_code == 500
    assert "Hours of &lt;work&gt;\nand more</textarea>" in answer.content.decode()


def test_refused_recording_is_named(as_maria: Client, workspace: Workspace, key: APIKey) -> None:
    file = SimpleUploadedFile("board meeting.pdf", b"%PDF-1.7 and more")

    answer = as_maria.post(NEW, GOOD | {"script": "", "audio_file": file})

    assert answer.status_code == 422
    assert "“board meeting.pdf” wasn’t kept." in answer.content.decode()
