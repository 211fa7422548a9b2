"""Django's own commands for accounts, and the audit event that each leaves."""

import getpass
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tavusweb.accounts.models import User
from tavusweb.audit import record as recording
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent

ROOT = {"email": "root@example.com", "interactive": False}


def written() -> list[tuple[Any, ...]]:
    events = AuditEvent.objects.filter(
        chain__name="instance", action__in=[AuditAction.ACCOUNT_CREATED, AuditAction.ACCOUNT_CHANGED]
    )
    return list(events.values_list("action", "target", "actor", "after"))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Type a password at each prompt; answers whether a transaction was open meanwhile."""
    is_open: list[bool] = []

    def prompt(*args: Any, **kwargs: Any) -> str:
        is_open.append(connection.in_atomic_block)
        return "quite-new-pass-7"

    monkeypatch.setattr(getpass, "getpass", prompt)
    return is_open


def test_createsuperuser_leaves_an_audit_event(db: None) -> None:
    call_command("createsuperuser", **ROOT)

    assert User.objects.get().is_superuser
    made = {"by": "createsuperuser", "is_superuser": True}
    assert written() == [("account_created", "root@example.com", "command line", made)]


def test_changepassword_leaves_an_audit_event_without_the_password(maria: User, typed: list[bool]) -> None:
    call_command("changepassword", maria.email)

    maria.refresh_from_db()
    assert maria.check_password("quite-new-pass-7")
    changed = {"by": "changepassword", "changed": "sign_in"}
    assert written() == [("account_changed", "Maria", "command line", changed)]


def test_unrecorded_account_is_not_created(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise RuntimeError("The audit log is unavailable")

    monkeypatch.setattr(recording, "_append", refuse)

    with pytest.raises(RuntimeError, match="The audit log is unavailable"):
        call_command("createsuperuser", **ROOT)

    assert not User.objects.exists()


def test_failed_command_leaves_no_event(maria: User, typed: list[bool]) -> None:
    with pytest.raises(CommandError, match="does not exist"):
        call_command("changepassword", "nobody@example.com")
    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", email=maria.email, interactive=False)

    assert written() == []


def test_account_saved_after_the_command_is_not_recorded(db: None) -> None:
    call_command("createsuperuser", **ROOT)

    User.objects.create_user("erik@example.com")

    assert len(written()) == 1


@pytest.mark.django_db(transaction=True)
def test_typing_the_password_blocks_no_writer(maria: User, typed: list[bool]) -> None:
    call_command("changepassword", maria.email)

    assert typed == [False, False]
