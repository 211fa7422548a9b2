"""The audit log as its owners read it: search, pages, export."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit import export, search
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditChain, AuditEvent
from tavusweb.audit.record import record
from tavusweb.workspaces.models import Workspace

PAGE = "/w/acme/settings/audit-log/"


@pytest.fixture
def events(workspace: Workspace, maria: User, erik: User) -> None:
    """Ten by Maria on the first ten days of October, one by Erik on the eleventh; and one in another workspace."""
    for day in range(1, 11):
        with time_machine.travel(datetime(2026, 10, day, 12, tzinfo=UTC), tick=False):
            after = {"max_slots": day}
            record(Actor(maria), AuditAction.KEY_LIMITED, workspace=workspace, target=workspace, after=after)
    with time_machine.travel(datetime(2026, 10, 11, 0, 0, tzinfo=UTC), tick=False):
        record(Actor(erik), AuditAction.ROLE_CHANGED, workspace=workspace, target=maria)
    record(Actor(maria), AuditAction.KEY_ADDED, workspace=Workspace.objects.create_with_owner("Other", maria))


def shown(client: Client, **query: str) -> list[int]:
    return [event.seq for event in client.get(PAGE, query).context["events"]]


def exported(client: Client, form: str, **query: str) -> str:
    response: Any = client.get(reverse("audit_log_export", args=["acme", form]), query)
    assert response.streaming
    return b"".join(response.streaming_content).decode("utf-8-sig")


@pytest.mark.thorough
class TestFinding:
    @pytest.mark.parametrize(
        ("query", "seen"),
        [
            ({}, list(range(11, 0, -1))),
            ({"action": "role_changed"}, [11]),
            ({"who": "ERIK@"}, [11]),
            ({"who": "nobody"}, []),
            ({"since": "2026-10-10"}, [11, 10]),
            ({"until": "2026-10-02"}, [2, 1]),
            ({"since": "2026-10-03", "until": "2026-10-04"}, [4, 3]),
            ({"until": "2026-10-10", "since": "2026-10-10"}, [10]),
            ({"q": "Maria"}, list(range(11, 0, -1))),
            ({"q": "acme maria@"}, list(range(10, 0, -1))),
            ({"q": "erik"}, [11]),
            ({"action": "no such"}, list(range(11, 0, -1))),
            ({"since": "yesterday"}, list(range(11, 0, -1))),
            ({"until": "9999-12-31"}, list(range(11, 0, -1))),
            ({"before": "x", "after": "-1"}, list(range(11, 0, -1))),
            ({"before": "9" * 400}, list(range(11, 0, -1))),
            ({"after": "9" * 400}, []),
        ],
    )
    def test_filters_by_action_person_and_date(
        self,
        query: dict[str, str],
        seen: list[int],
        as_maria: Client,
        events: None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for few in (search.FEW, 1, 0):
            monkeypatch.setattr(search, "FEW", few)

            assert shown(as_maria, **query) == seen, f"as if {few} events were few"

    def test_paging_works_both_ways_and_keeps_the_filters(
        self, as_maria: Client, events: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "PER_PAGE", 4)
        seen, urls, url = [], [], "?action=key_limited"

        while url:
            context = as_maria.get(PAGE + url).context
            seen.append([event.seq for event in context["events"]])
            urls.append(context["page"])
            url = context["page"]["older_url"]
        back = as_maria.get(PAGE + urls[2]["newer_url"]).context
        first = as_maria.get(PAGE + back["page"]["newer_url"]).context

        assert seen == [[10, 9, 8, 7], [6, 5, 4, 3], [2, 1]]
        assert [event.seq for event in back["events"]] == seen[1]
        assert [event.seq for event in first["events"]] == seen[0]
        assert first["page"]["newer_url"] == ""
        assert "action=key_limited" in back["page"]["newer_url"]

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a short table whole")
    @pytest.mark.parametrize("query", [{}, {"action": "key_limited"}, {"since": "2020-01-01"}, {"until": "2026-10-05"}])
    def test_page_is_read_along_the_chain_without_sorting(
        self, query: dict[str, str], workspace: Workspace, events: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "FEW", 0)
        all_of_them = search.events_of(AuditChain.objects.filter(workspace=workspace))

        plan = search.SearchForm(query).narrow(all_of_them).order_by("-seq")[:51].explain()

        assert "USING INDEX" in plan
        assert "TEMP B-TREE" not in plan

    @pytest.mark.parametrize(
        ("query", "pages", "back"),
        [
            ("?who=erik", [[11], [], []], [[], [11]]),
            ("?q=acme", [[10, 9, 8], [7, 6, 5, 4], [3, 2, 1]], [[7, 6, 5, 4], [10, 9, 8]]),
            ("?q=zzz", [[], [], []], [[], []]),
            ("?q=acme&action=key_limited", [[10, 9, 8, 7], [6, 5, 4, 3], [2, 1]], [[6, 5, 4, 3], [10, 9, 8, 7]]),
        ],
    )
    def test_word_search_stops_after_its_limit_and_continues_on_the_next_page(
        self,
        query: str,
        pages: list[list[int]],
        back: list[list[int]],
        as_maria: Client,
        events: None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(search, "LOOKED_THROUGH", 4)

        def turn(way: str, url: str) -> tuple[list[list[int]], list[Any], str]:
            seen, looked_to, last = [], [], ""
            while url:
                context = as_maria.get(PAGE + url).context
                seen.append([event.seq for event in context["events"]])
                looked_to.append(context["looked_to"])
                last, url = url, context["page"][way]
            return seen, looked_to, last

        seen, looked_to, last = turn("older_url", query)
        returned, *_ = turn("newer_url", as_maria.get(PAGE + last).context["page"]["newer_url"])

        assert seen == pages
        assert [at is None for at in looked_to] == [False, False, True]
        assert returned[: len(back)] == back

    def test_word_search_says_how_far_it_has_searched(
        self, as_maria: Client, events: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "LOOKED_THROUGH", 4)

        page = as_maria.get(PAGE, {"q": "zzz"}).content.decode()
        last = as_maria.get(PAGE, {"q": "zzz", "before": "4"}).content.decode()

        assert "No matches so far." in page
        assert "8 Oct 2026, 12:00" in page
        assert "before=8" in page
        assert "No events match your filters." in last

    def test_export_searches_to_the_end(self, as_maria: Client, events: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(search, "LOOKED_THROUGH", 4)

        rows = list(csv.DictReader(io.StringIO(exported(as_maria, "csv", q="acme"))))

        assert [row["seq"] for row in rows] == [str(number) for number in range(1, 11)]

    def test_query_count_does_not_depend_on_the_length(
        self, as_maria: Client, events: None, workspace: Workspace, django_assert_num_queries: Any
    ) -> None:
        for number in range(60):
            record(Actor(), AuditAction.KEY_LIMITED, workspace=workspace, after={"max_slots": number})

        # Session, user, membership, events, workspaces in the sidebar, unread.
        with django_assert_num_queries(5):
            as_maria.get(PAGE)

    def test_values_are_escaped(self, as_maria: Client, workspace: Workspace, maria: User) -> None:
        bad = "<script>alert(1)</script>"
        record(
            Actor(),
            AuditAction.KEY_RENAMED,
            workspace=workspace,
            target=Workspace(pk=1, name=bad),
            before={"n": bad},
            after={},
        )

        page = as_maria.get(PAGE).content.decode()

        assert bad not in page
        assert "&lt;script&gt;" in page

    def test_settings_link_to_the_log_for_readers(self, as_maria: Client, workspace: Workspace, erik: User) -> None:
        as_erik = Client()
        as_erik.force_login(erik)

        assert PAGE in as_maria.get(reverse("workspace_settings", args=["acme"])).content.decode()
        assert PAGE not in as_erik.get(reverse("workspace_settings", args=["acme"])).content.decode()


class TestExporting:
    @pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
    def test_csv_cells_are_no_formulas(self, begin: str, as_maria: Client, workspace: Workspace) -> None:
        named = Workspace(pk=1, name=f"{begin}cmd|' /C calc'!A0")
        record(Actor(), AuditAction.KEY_RENAMED, workspace=workspace, target=named, after={f"{begin}1": 1})

        rows = list(csv.DictReader(io.StringIO(exported(as_maria, "csv"))))

        assert rows[0]["target"].startswith("'")
        assert not [cell for row in rows for cell in row.values() if cell.lstrip().startswith(("=", "+", "-", "@"))]

    @pytest.mark.parametrize(
        ("languages", "query", "separator"),
        [
            ("en-GB", {}, ","),
            ("de-DE", {}, ";"),
            ("de-DE", {"separator": "comma"}, ","),
            ("", {"separator": "tab"}, "\t"),
        ],
    )
    def test_csv_uses_the_separator_of_the_readers_locale(
        self, languages: str, query: dict[str, str], separator: str, as_maria: Client, events: None
    ) -> None:
        url = reverse("audit_log_export", args=["acme", "csv"])
        response: Any = as_maria.get(url, query, headers={"Accept-Language": languages})
        text = b"".join(response.streaming_content).decode()

        assert text.startswith(f'\ufeff"seq"{separator}"at"{separator}')

    def test_export_contains_the_results_oldest_first(self, as_maria: Client, events: None) -> None:
        rows = list(csv.DictReader(io.StringIO(exported(as_maria, "csv", action="key_limited", since="2026-10-09"))))

        assert [(row["seq"], row["actor"], row["after"]) for row in rows] == [
            ("9", "maria@example.com", '{"max_slots": 9}'),
            ("10", "maria@example.com", '{"max_slots": 10}'),
        ]

    def test_exports_identify_account_and_target(self, as_maria: Client, workspace: Workspace, maria: User) -> None:
        record(Actor(maria), AuditAction.KEY_LIMITED, workspace=workspace, target=workspace)
        record(Actor(), AuditAction.SHARE_DENIED, workspace=workspace)

        rows = list(csv.DictReader(io.StringIO(exported(as_maria, "csv"))))[:2]
        events = [json.loads(line)["event"] for line in exported(as_maria, "jsonl").splitlines()][:2]

        assert [(row["actor_pk"], row["target_pk"]) for row in rows] == [(str(maria.pk), str(workspace.pk)), ("", "")]
        assert [(event["actor_pk"], event["target_pk"]) for event in events] == [
            (maria.pk, str(workspace.pk)),
            (None, ""),
        ]

    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    def test_export_is_recorded_first(self, form: str, as_maria: Client, events: None) -> None:
        exported(as_maria, form, who="erik")

        event = AuditEvent.objects.get(action=AuditAction.AUDIT_LOG_EXPORTED)
        assert (event.actor, event.after) == ("maria@example.com", {"form": form, "who": "erik"})

    def test_export_is_an_uncached_attachment(self, as_maria: Client, events: None) -> None:
        response = as_maria.get(reverse("audit_log_export", args=["acme", "jsonl"]))

        assert response["Content-Disposition"].startswith('attachment; filename="acme-audit-log-')
        assert response["Cache-Control"] == "private, no-store"
        assert as_maria.get(reverse("audit_log_export", args=["acme", "xlsx"])).status_code == 404

    def test_export_is_read_in_portions(
        self, as_maria: Client, events: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
    ) -> None:
        monkeypatch.setattr(export, "PORTION", 4)
        response: Any = as_maria.get(reverse("audit_log_export", args=["acme", "jsonl"]))
        lines = iter(response.streaming_content)

        with django_assert_num_queries(1):
            first = [json.loads(next(lines))["event"]["seq"] for _ in range(4)]
        with django_assert_num_queries(3):
            rest = [json.loads(line)["event"]["seq"] for line in lines]

        assert first + rest == list(range(1, 13))


class TestKeeping:
    def test_invalid_retention_changes_nothing(self, as_maria: Client, workspace: Workspace) -> None:
        page = as_maria.post(reverse("audit_log_keep", args=["acme"]), {"keep_audit_days": "1"}, follow=True)

        workspace.refresh_from_db()
        assert "Choose how long to keep the audit log." in page.content.decode()
        assert workspace.keep_audit_days is None

    def test_blank_retention_means_forever(self, as_maria: Client, workspace: Workspace) -> None:
        Workspace.objects.update(keep_audit_days=90)

        as_maria.post(reverse("audit_log_keep", args=["acme"]), {"keep_audit_days": ""})

        workspace.refresh_from_db()
        assert workspace.keep_audit_days is None
