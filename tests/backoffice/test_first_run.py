"""What a new instance begins with."""

import io
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tavusweb.accounts.models import User
from tavusweb.audit import record as recording
from tavusweb.audit.models import AuditEvent
from tavusweb.backoffice import first_run
from tavusweb.keys.models import APIKey
from tavusweb.workspaces.models import Membership


@pytest.fixture
def home(settings: Any, tmp_path: Path, db: None) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def run() -> str:
    call_command("first_run", stdout=(out := io.StringIO()))
    return out.getvalue()


def signs_in(email: str, password: str) -> bool:
    client = Client()
    client.post("/account/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_demo_owner_gets_a_random_password_that_is_shown_and_kept(home: Path) -> None:
    output = run()

    login = (home / first_run.LOGIN_FILE).read_text()
    password = login.splitlines()[1].removeprefix("Password: ")
    assert len(password) >= 16
    assert password in output
    assert first_run.DEMO_EMAIL in output
    assert str(home / first_run.LOGIN_FILE) in output
    assert stat.S_IMODE((home / first_run.LOGIN_FILE).stat().st_mode) == 0o600
    assert signs_in(first_run.DEMO_EMAIL, password)


def test_first_run_creates_a_workspace_with_a_sandbox_key(home: Path) -> None:
    run()

    membership = Membership.objects.get()
    key = APIKey.objects.get()
    assert (membership.role, membership.user.is_superuser) == ("owner", True)
    assert (key.workspace, key.is_sandbox) == (membership.workspace, True)


def test_first_run_without_the_sandbox_creates_no_key(home: Path, settings: Any) -> None:
    settings.SANDBOX = False

    run()

    assert not APIKey.objects.exists()


def test_configured_owner_is_created_and_their_password_not_kept(home: Path, settings: Any) -> None:
    settings.OWNER_EMAIL, settings.OWNER_PASSWORD = "Boss@Example.com", "a-chosen-pass-1"

    output = run()

    assert "a-chosen-pass-1" not in output
    assert not list(home.iterdir())
    assert signs_in("boss@example.com", "a-chosen-pass-1")


def test_configured_owner_without_a_password_gets_a_random_one(home: Path, settings: Any) -> None:
    settings.OWNER_EMAIL = "boss@example.com"

    run()

    assert "boss@example.com" in (home / first_run.LOGIN_FILE).read_text()


def test_invalid_owner_is_refused(home: Path, settings: Any) -> None:
    settings.OWNER_EMAIL = "boss at example"

    with pytest.raises(CommandError, match="OWNER_EMAIL is not an e-mail address"):
        run()

    assert not User.objects.exists()


def test_second_run_changes_nothing_and_shows_no_password(home: Path) -> None:
    run()
    before = (list(User.objects.values()), (home / first_run.LOGIN_FILE).read_text())

    output = run()

    assert (list(User.objects.values()), (home / first_run.LOGIN_FILE).read_text()) == before
    assert before[1].splitlines()[1].removeprefix("Password: ") not in output
    assert APIKey.objects.count() == 1


def test_unwritable_folder_leaves_no_owner(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(first_run, "_keep", broken)

    with pytest.raises(CommandError, match="No space left"):
        run()

    assert not User.objects.exists()


def test_instance_with_accounts_gets_no_owner(home: Path, maria: User) -> None:
    assert run() == ""
    assert User.objects.get() == maria


def test_audit_log_begins_with_the_first_run_and_without_the_password(home: Path) -> None:
    output = run()

    events = AuditEvent.objects.order_by("pk")
    assert list(events.values_list("chain__name", "action", "target")) == [
        ("instance", "account_created", "Demo owner"),
        (f"demo#{Membership.objects.get().workspace_id}", "workspace_created", "Demo"),
        (f"demo#{Membership.objects.get().workspace_id}", "key_added", str(APIKey.objects.get())),
    ]
    password = (home / first_run.LOGIN_FILE).read_text().splitlines()[1].removeprefix("Password: ")
    assert password in output
    assert password not in str(list(events.values()))


def test_unrecorded_first_owner_is_not_created(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise RuntimeError("The audit log is unavailable")

    monkeypatch.setattr(recording, "_append", refuse)

    with pytest.raises(RuntimeError):
        run()

    assert not User.objects.exists()
