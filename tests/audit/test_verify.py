"""No workspace's audit log is dropped or exchanged unnoticed: each belongs to its workspace from the first event on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditChain, AuditEvent
from tavusweb.audit.record import record
from tavusweb.audit.retention import close
from tavusweb.audit.verify import first_break
from tavusweb.backoffice import first_run
from tavusweb.workspaces.actions import create_workspace
from tavusweb.workspaces.models import Workspace
from tests.audit_tables import rows, unguarded


@pytest.fixture(autouse=True)
def no_guard(db: None) -> Iterator[None]:
    """What a person has who may alter the database's tables."""
    with unguarded():
        yield


@pytest.fixture
def acme(maria: User) -> Workspace:
    made = create_workspace(Actor(maria), "Acme")
    record(Actor(maria), AuditAction.KEY_RENAMED, workspace=made)
    return made


@pytest.fixture
def beta(maria: User) -> Workspace:
    return create_workspace(Actor(maria), "Beta")


def broken(capsys: pytest.CaptureFixture[str], **options: Any) -> list[str]:
    """What is said of the chains that do not hold; nothing when all do."""
    capsys.readouterr()
    try:
        call_command("verify_audit", **options)
    except CommandError:
        return [line.removeprefix("BROKEN ") for line in capsys.readouterr().err.splitlines()]
    return []


def drop(workspace: Workspace) -> None:
    rows().filter(chain__workspace=workspace).delete()
    AuditChain.objects.filter(workspace=workspace).delete()


class TestWhereverAWorkspaceIsMade:
    def last(self, capsys: pytest.CaptureFixture[str]) -> tuple[str, str, str]:
        assert broken(capsys) == []
        event = AuditEvent.objects.filter(seq=1).exclude(chain__workspace=None).get()
        return event.action, event.actor, event.target

    def test_workspace_created_on_its_page_begins_its_log(
        self, client: Client, maria: User, capsys: pytest.CaptureFixture[str]
    ) -> None:
        client.force_login(maria)

        client.post(reverse("workspace_new"), {"name": "Solo"})

        assert self.last(capsys) == ("workspace_created", "maria@example.com", "Solo")

    def test_workspace_created_by_the_first_start_begins_its_log(
        self, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.HOME = tmp_path

        first_run.begin()

        assert self.last(capsys) == ("workspace_created", first_run.DEMO_EMAIL, "Demo")

    def test_admin_cannot_create_workspaces(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("root@example.com"))
        page = reverse("admin:workspaces_workspace_add")

        answers = [client.get(page), client.post(page, {"name": "Solo", "slug": "solo"})]

        assert [answer.status_code for answer in answers] == [403, 403]
        assert not Workspace.objects.exists()


class TestTampering:
    def test_two_swapped_chains_are_both_named(
        self, acme: Workspace, beta: Workspace, capsys: pytest.CaptureFixture[str]
    ) -> None:
        first, second = AuditChain.objects.order_by("pk")
        AuditChain.objects.update(workspace=None)
        AuditChain.objects.filter(pk=first.pk).update(workspace=beta)
        AuditChain.objects.filter(pk=second.pk).update(workspace=acme)

        output = broken(capsys)

        moved = "event 1 and all that follow are not where they were written: the chain was moved"
        assert output == [f"{first}: {moved}", f"{second}: {moved}"]
        assert broken(capsys, workspace="acme") == [f"{second}: {moved}"]

    def test_detached_chain_is_named(self, acme: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        AuditChain.objects.update(workspace=None)

        output = broken(capsys)

        assert [line.split(": ")[0] for line in output] == [f"acme#{acme.pk}", f"acme#{acme.pk}"]
        assert output[1].endswith("the workspace has no audit log")

    def test_instances_chain_cannot_belong_to_a_workspace(
        self, acme: Workspace, capsys: pytest.CaptureFixture[str]
    ) -> None:
        record(Actor(), AuditAction.SIGN_IN_FAILED)
        AuditChain.objects.filter(workspace=acme).update(workspace=None)
        AuditChain.objects.filter(name="instance").update(workspace=acme)

        assert [line.split(": ")[0] for line in broken(capsys)] == [f"acme#{acme.pk}", "instance"]

    def test_workspace_without_its_chain_is_named(
        self, acme: Workspace, beta: Workspace, capsys: pytest.CaptureFixture[str]
    ) -> None:
        drop(acme)

        assert broken(capsys) == [f"acme#{acme.pk}: the workspace has no audit log"]
        assert broken(capsys, workspace="beta") == []

    def test_restarted_chain_is_named_and_never_shortened(
        self, acme: Workspace, maria: User, capsys: pytest.CaptureFixture[str]
    ) -> None:
        drop(acme)
        record(Actor(maria), AuditAction.KEY_ADDED, workspace=acme)
        chain = AuditChain.objects.get(workspace=acme)

        assert first_break(chain) is None
        assert broken(capsys) == [f"{chain}: event 1 is not how the workspace came to be: what was before it is gone"]
        assert close(chain, before=chain.events.get().at.replace(year=2099)) == 0

    def test_admin_event_is_no_valid_beginning(self, acme: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        drop(acme)
        record(Actor(), AuditAction.ADMIN_ADDED, workspace=acme, target=acme)

        assert len(broken(capsys)) == 1


class TestHonestTrails:
    def test_renamed_workspace_still_verifies(self, acme: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        Workspace.objects.update(slug="other", name="Other")

        assert broken(capsys) == []

    def test_chain_of_a_deleted_workspace_still_verifies(
        self, acme: Workspace, capsys: pytest.CaptureFixture[str]
    ) -> None:
        acme.delete()

        assert broken(capsys) == []

    def test_shortened_chain_still_verifies(self, acme: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        chain = AuditChain.objects.get()

        assert close(chain, before=chain.events.latest("seq").at.replace(year=2099)) == 2
        assert broken(capsys) == []
