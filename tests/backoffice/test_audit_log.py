"""Operators read every audit log of the instance, and each reading is recorded where it belongs."""

import csv
import io
import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit import record as recording
from tavusweb.audit import search
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import INSTANCE, AuditChain, AuditEvent
from tavusweb.audit.record import record
from tavusweb.workspaces.models import Workspace
from tests import cast
from tests.audit_tables import forget

PAGE = "/backoffice/audit-log/"


@pytest.fixture
def as_operator(client: Client, db: None) -> Client:
    """Signed in, which is the first event of the instance's chain."""
    cast.sign_in_through_signals(client, User.objects.create_superuser("root@example.com", name="Root"))
    return client


@pytest.fixture
def acme(workspace: Workspace, maria: User) -> AuditChain:
    for number in range(1, 4):
        record(Actor(maria), AuditAction.KEY_LIMITED, workspace=workspace, after={"max_slots": number})
    return AuditChain.objects.get(workspace=workspace)


@pytest.fixture
def deleted(maria: User) -> AuditChain:
    """What stays of a workspace that is gone."""
    gone = Workspace.objects.create_with_owner("Gone", maria)
    record(Actor(maria), AuditAction.KEY_ADDED, workspace=gone, after={"name": "Old"})
    name = AuditChain.objects.get(workspace=gone).name
    gone.delete()
    return AuditChain.objects.get(name=name)


def actions(client: Client, chain: AuditChain | None = None, **query: str) -> list[str]:
    """What the page shows, newest first."""
    chosen = {"chain": str(chain.pk)} if chain else {}
    return [event.action for event in client.get(PAGE, query | chosen).context["events"]]


def exported(client: Client, form: str, **query: Any) -> str:
    response: Any = client.get(reverse("backoffice_audit_log_export", args=[form]), query)
    assert response.streaming
    return b"".join(response.streaming_content).decode()


def recorded(action: AuditAction) -> list[tuple[str, str, str]]:
    events = AuditEvent.objects.filter(action=action).order_by("pk")
    return list(events.values_list("chain__name", "actor", "target"))


class TestWhose:
    def test_instances_log_is_shown_by_default(self, as_operator: Client, acme: AuditChain) -> None:
        record(Actor(), AuditAction.SIGN_IN_FAILED)

        assert actions(as_operator) == ["sign_in_failed", "signed_in"]

    def test_new_log_is_empty(self, as_operator: Client) -> None:
        forget()

        page = as_operator.get(PAGE)

        assert (page.status_code, "No events found" in page.content.decode()) == (200, True)

    def test_every_workspaces_log_can_be_chosen_even_if_deleted(
        self, as_operator: Client, acme: AuditChain, deleted: AuditChain
    ) -> None:
        page = as_operator.get(PAGE).content.decode()

        offered = dict(re.findall(r'<option value="(\d*)"[^>]*>([^<]*)', page))
        assert (offered[str(acme.pk)], offered[str(deleted.pk)]) == ("Acme (acme)", f"{deleted.name} (deleted)")
        assert actions(as_operator, acme) == ["audit_log_read", *["key_limited"] * 3]
        assert actions(as_operator, deleted) == ["key_added"]

    @pytest.mark.parametrize("nonsense", ["0", "999999", "x", "9" * 400])
    def test_unknown_log_is_404(self, nonsense: str, as_operator: Client, acme: AuditChain) -> None:
        assert as_operator.get(PAGE, {"chain": nonsense}).status_code == 404
        assert as_operator.get(f"{PAGE}export.csv", {"chain": nonsense}).status_code == 404

    def test_search_and_pages_stay_in_the_chain(
        self, as_operator: Client, acme: AuditChain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "PER_PAGE", 2)

        first = as_operator.get(PAGE, {"chain": acme.pk, "action": "key_limited"}).context
        second = as_operator.get(PAGE + first["page"]["older_url"]).context

        assert [event.seq for event in first["events"]] == [3, 2]
        assert [event.seq for event in second["events"]] == [1]
        assert f"chain={acme.pk}" in first["query"]

    def test_query_count_does_not_depend_on_the_workspaces(
        self, as_operator: Client, acme: AuditChain, maria: User, django_assert_num_queries: Any
    ) -> None:
        for number in range(12):
            record(Actor(), AuditAction.KEY_ADDED, workspace=Workspace.objects.create_with_owner(f"W{number}", maria))

        # Session, user, events, chains with their workspaces.
        with django_assert_num_queries(4):
            as_operator.get(PAGE)


class TestReadingIsWrittenDown:
    def test_reading_a_workspaces_log_is_recorded_there(
        self, as_operator: Client, acme: AuditChain, maria: User
    ) -> None:
        as_operator.get(PAGE, {"chain": acme.pk})

        assert recorded(AuditAction.AUDIT_LOG_READ) == [(acme.name, "root@example.com", "")]
        owner = Client()
        owner.force_login(maria)
        assert "Read audit log" in owner.get(reverse("audit_log", args=["acme"])).content.decode()

    def test_reading_a_deleted_workspaces_log_is_recorded_in_the_instances(
        self, as_operator: Client, deleted: AuditChain
    ) -> None:
        as_operator.get(PAGE, {"chain": deleted.pk})

        assert recorded(AuditAction.AUDIT_LOG_READ) == [(INSTANCE, "root@example.com", deleted.name)]

    def test_paging_counts_as_one_reading(self, as_operator: Client, acme: AuditChain, deleted: AuditChain) -> None:
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for query in ({}, {"before": "3"}, {"q": "maria"}):
                as_operator.get(PAGE, {"chain": acme.pk} | query)
            as_operator.get(PAGE, {"chain": deleted.pk})
            clock.shift(3601)
            as_operator.get(PAGE, {"chain": acme.pk})

        assert [name for name, *_ in recorded(AuditAction.AUDIT_LOG_READ)] == [acme.name, INSTANCE, acme.name]

    def test_unrecorded_reading_shows_nothing(
        self, as_operator: Client, acme: AuditChain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any) -> None:
            raise RuntimeError("The audit log is unavailable")

        with monkeypatch.context() as patched:
            patched.setattr(recording, "_append", refuse)
            for path in (PAGE, f"{PAGE}export.csv"):
                with pytest.raises(RuntimeError):
                    as_operator.get(path, {"chain": acme.pk})
        as_operator.get(PAGE, {"chain": acme.pk})

        assert len(recorded(AuditAction.AUDIT_LOG_READ)) == 1

    def test_reading_the_instances_log_is_not_recorded(self, as_operator: Client) -> None:
        as_operator.get(PAGE)

        assert not recorded(AuditAction.AUDIT_LOG_READ)

    def test_admin_shows_no_events(self, as_operator: Client, acme: AuditChain) -> None:
        heads = as_operator.get(reverse("admin:audit_auditchain_changelist")).content.decode()

        assert as_operator.get("/admin/audit/auditevent/").status_code == 404
        assert f'href="{PAGE}?chain={acme.pk}"' in heads


class TestExporting:
    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    def test_export_is_recorded_in_its_chain(
        self, form: str, as_operator: Client, acme: AuditChain, deleted: AuditChain
    ) -> None:
        exported(as_operator, form)
        exported(as_operator, form, chain=acme.pk, action="key_limited")
        exported(as_operator, form, chain=deleted.pk)

        assert recorded(AuditAction.AUDIT_LOG_EXPORTED) == [
            (INSTANCE, "root@example.com", ""),
            (acme.name, "root@example.com", ""),
            (INSTANCE, "root@example.com", deleted.name),
        ]
        assert AuditEvent.objects.filter(action=AuditAction.AUDIT_LOG_EXPORTED).get(chain=acme).after == {
            "form": form,
            "action": "key_limited",
        }

    def test_export_contains_the_results_and_is_named_for_the_chain(
        self, as_operator: Client, acme: AuditChain, deleted: AuditChain
    ) -> None:
        rows = list(csv.DictReader(io.StringIO(exported(as_operator, "csv", chain=acme.pk, q="maria"))))
        names = [
            as_operator.get(f"{PAGE}export.jsonl", query)["Content-Disposition"]
            for query in ({}, {"chain": acme.pk}, {"chain": deleted.pk})
        ]

        assert [row["after"] for row in rows] == [f'{{"max_slots": {number}}}' for number in (1, 2, 3)]
        assert [name.split('"')[1].split("-audit-log-")[0] for name in names] == [
            "instance",
            "acme",
            deleted.name.replace("#", "-"),
        ]
        assert as_operator.get(f"{PAGE}export.xlsx").status_code == 404


class TestWhoMay:
    def test_staff_need_the_permission_to_view_events(self, client: Client, acme: AuditChain) -> None:
        staff = User.objects.create_user("desk@example.com", is_staff=True)
        client.force_login(staff)

        before = [client.get(path).status_code for path in (PAGE, f"{PAGE}export.csv")]
        staff.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
        after = [client.get(path).status_code for path in (PAGE, f"{PAGE}export.csv")]

        assert (before, after) == ([403, 403], [200, 200])

    def test_admin_links_to_the_log_for_permitted_staff(self, as_operator: Client) -> None:
        desk = Client()
        desk.force_login(User.objects.create_user("desk@example.com", is_staff=True))

        assert f'href="{PAGE}"' in as_operator.get(reverse("admin:index")).content.decode()
        assert PAGE not in desk.get(reverse("admin:index")).content.decode()
