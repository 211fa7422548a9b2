"""Who came into a workspace: once for each session, with how they had signed in, and never at the page's expense."""

import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit import record as recording
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditChain, AuditEvent
from tavusweb.audit.verify import first_break
from tavusweb.videos.models.status import Status
from tavusweb.workspaces import access_log
from tavusweb.workspaces.models import Invitation, Workspace
from tavusweb.workspaces.permissions import Role
from tests.accounts.test_mfa import SEED, code_of
from tests.simultaneous import simultaneously

MEMBERS = "/w/acme/members/"
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"}


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


def arrivals(slug: str = "acme") -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=AuditAction.ENTERED, chain__workspace__slug=slug).order_by("seq"))


def ways() -> list[list[str]]:
    return [event.after["by"] for event in arrivals()]


def sign_in(client: Client, email: str = "maria@example.com", password: str = "maria-pass-1") -> None:
    client.post(reverse("account_login"), {"login": email, "password": password})


@pytest.fixture
def maria_signs_in(client: Client, workspace: Workspace) -> Client:
    sign_in(client)
    return client


class TestOnce:
    def test_entry_records_who_from_where_and_how(self, maria_signs_in: Client) -> None:
        maria_signs_in.get(MEMBERS, headers=FIREFOX)

        [event] = arrivals()
        assert (event.actor, event.address, event.agent) == ("maria@example.com", "127.0.0.1", FIREFOX["User-Agent"])
        assert (event.target, event.before, event.after) == ("", {}, {"by": ["password"]})

    def test_owner_reads_entries_on_the_page(self, maria_signs_in: Client) -> None:
        page = maria_signs_in.get(reverse("audit_log", args=["acme"]), headers=FIREFOX).content.decode()

        assert "Entered workspace" in page
        assert "method: password" in page
        assert "Firefox on Linux" in page

    def test_entry_is_recorded_once_per_session_and_workspace(self, maria_signs_in: Client, maria: User) -> None:
        Workspace.objects.create_with_owner("Solo", maria)
        phone = Client()
        sign_in(phone)

        for client in (maria_signs_in, phone, maria_signs_in, phone):
            client.get(MEMBERS)
            client.get("/w/solo/members/")

        assert (len(arrivals("acme")), len(arrivals("solo"))) == (2, 2)
        assert len({event.target_pk for event in arrivals()}) == 2
        key = maria_signs_in.session.session_key
        assert key
        assert not [event for event in arrivals() if key[:8] in f"{event.target_pk}{event.after}"]

    def test_polling_fragment_costs_nothing_after_the_first(self, maria_signs_in: Client, make_video: Any) -> None:
        video = make_video(Status.WAITING)
        panel = reverse("video_panel", args=["acme", video.pk])
        maria_signs_in.get(panel)
        maria_signs_in.get(panel)

        with CaptureQueriesContext(connection) as captured:
            maria_signs_in.get(panel)

        statements = [query["sql"] for query in captured.captured_queries]
        assert not [sql for sql in statements if "audit_audit" in sql or 'UPDATE "django_session"' in sql]
        assert len(arrivals()) == 1

    @pytest.mark.parametrize("asked", ["nobody", "a stranger", "a viewer who may not"])
    def test_refused_visitor_leaves_no_entry(
        self, asked: str, client: Client, workspace: Workspace, erik: User, zoe: User
    ) -> None:
        workspace.memberships.filter(user=erik).update(role=Role.VIEWER)
        if asked != "nobody":
            client.force_login(zoe if asked == "a stranger" else erik)

        client.get(reverse("audit_log", args=["acme"]))

        assert not arrivals()

    def test_required_setup_comes_before_the_entry(self, maria_signs_in: Client, maria: User) -> None:
        Workspace.objects.update(requires="two_factor")

        maria_signs_in.get(MEMBERS)
        before = len(arrivals())
        TOTP.activate(maria, SEED)
        asked = maria_signs_in.get(MEMBERS)
        maria_signs_in.post(asked["Location"], {"code": code_of(SEED)})
        maria_signs_in.get(MEMBERS)

        assert (before, len(arrivals())) == (0, 1)


class TestHow:
    def test_entry_by_password_and_code(self, client: Client, workspace: Workspace, maria: User) -> None:
        TOTP.activate(maria, SEED)
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code_of(SEED)})

        client.get(MEMBERS)

        assert ways() == [["password", "totp"]]
        assert AuditEvent.objects.get(action=AuditAction.SIGNED_IN).after == {"by": ["password", "totp"]}

    def test_reauthentication_does_not_change_the_method(self, maria_signs_in: Client) -> None:
        maria_signs_in.post(reverse("account_reauthenticate"), {"password": "maria-pass-1"})

        maria_signs_in.get(MEMBERS)

        assert ways() == [["password"]]

    def test_entry_with_a_new_account(self, client: Client, workspace: Workspace, maria: User) -> None:
        _, token = Invitation.issue(workspace, email="nora@example.com", role=Role.VIEWER, by=maria)
        client.post(reverse("invitation", args=[token]), {"name": "Nora", "password": "nora-pass-123"})

        client.get(MEMBERS)

        assert ways() == [["new_account"]]

    @pytest.mark.parametrize(
        ("record", "way"),
        [
            ({"method": "mfa", "type": "webauthn", "passwordless": True}, "webauthn"),
            ({"method": "mfa", "type": "recovery_codes"}, "recovery_codes"),
            ({"method": "mfa", "type": "telepathy"}, "second_factor"),
            ({"method": "socialaccount", "provider": "corp", "uid": "1"}, "Corp ID"),
            ({"method": "socialaccount"}, "single_sign_on"),
            ({"method": "something new"}, "something new"),
            ({"method": "code"}, "email_code"),
            ({}, "unknown"),
        ],
    )
    def test_every_sign_in_record_has_a_method(
        self, record: dict[str, Any], way: str, client: Client, workspace: Workspace, maria: User, settings: Any
    ) -> None:
        settings.OIDC_PROVIDERS = [{"provider_id": "corp", "name": "Corp ID"}]
        client.force_login(maria)
        session = client.session
        session["account_authentication_methods"] = [{"at": time.time(), **record}]
        session["account_authentication_methods_user"] = str(maria.pk)
        session.save()

        client.get(MEMBERS)

        assert ways() == [[way]]


class TestTrouble:
    @pytest.mark.parametrize("error", [OperationalError("attempt to write a readonly database"), DatabaseError("full")])
    def test_failed_recording_still_shows_the_page_and_is_made_up_for(
        self,
        error: DatabaseError,
        maria_signs_in: Client,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        def fail(*args: Any) -> None:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(recording, "_append", fail)
            page = maria_signs_in.get(MEMBERS)
        without = len(arrivals())
        maria_signs_in.get(MEMBERS)

        assert (page.status_code, without, len(arrivals())) == (200, 0, 1)
        assert "The entry into acme could not be recorded" in caplog.text

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's way of being read-only")
    def test_read_only_database_shows_the_page(self, maria_signs_in: Client) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        try:
            page = maria_signs_in.get(MEMBERS)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = OFF")

        assert (page.status_code, len(arrivals())) == (200, 0)

    def test_lost_session_note_does_not_record_twice(self, maria_signs_in: Client) -> None:
        """As when another request of the same browser saves its own copy of the session last."""
        maria_signs_in.get(MEMBERS)
        session = maria_signs_in.session
        del session[access_log.ENTERED]
        session.save()

        maria_signs_in.get(MEMBERS)

        assert len(arrivals()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_requests_record_one_entry(maria_signs_in: Client) -> None:
    """Neither request finds an earlier visit in the session."""

    def visit() -> int:
        client = Client()
        client.cookies = maria_signs_in.cookies
        return client.get(MEMBERS).status_code

    assert simultaneously(visit, visit) == [200, 200]
    assert len(arrivals()) == 1
    assert first_break(AuditChain.objects.get(workspace__slug="acme")) is None


class TestRefused:
    @pytest.fixture
    def as_erik(self, erik: User) -> Client:
        client = Client()
        client.force_login(erik)
        return client

    def refusals(self) -> list[tuple[str, str, str, Any]]:
        events = AuditEvent.objects.filter(action=AuditAction.ACCESS_DENIED, chain__workspace__slug="acme").order_by(
            "seq"
        )
        return list(events.values_list("actor", "target", "target_pk", "after"))

    def test_denied_page_is_recorded_once_an_hour(self, as_erik: Client) -> None:
        with time_machine.travel(0, tick=False) as clock:
            for _ in range(20):
                as_erik.get(reverse("audit_log", args=["acme"]))
                as_erik.post(reverse("invite", args=["acme"]))
            clock.shift(3600)
            as_erik.get(reverse("audit_log", args=["acme"]))

        who, role = "erik@example.com", {"role": "editor"}
        audit_log, invite = (who, "Audit log", "audit_log", role), (who, "Invite", "invite", role)
        assert self.refusals() == [audit_log, invite, audit_log]

    def test_refusal_inside_a_view_is_recorded(self, as_erik: Client) -> None:
        assert as_erik.post(reverse("workspace_settings", args=["acme"]), {"name": "Mine"}).status_code == 403

        assert [target for _, target, *_ in self.refusals()] == ["Workspace settings"]

    def test_denials_are_recorded_per_person(self, as_erik: Client, workspace: Workspace) -> None:
        lena = User.objects.create_user("lena@example.com")
        workspace.memberships.create(user=lena, role=Role.VIEWER)
        as_lena = Client()
        as_lena.force_login(lena)

        for client in (as_erik, as_lena):
            client.get(reverse("audit_log", args=["acme"]))

        assert [who for who, *_ in self.refusals()] == ["erik@example.com", "lena@example.com"]

    def test_stranger_leaves_no_event(self, client: Client, zoe: User, erik: User) -> None:
        client.force_login(zoe)

        assert client.get(reverse("audit_log", args=["acme"])).status_code == 404
        assert not AuditEvent.objects.filter(chain__workspace__slug="acme").exists()

    def test_access_is_denied_even_if_not_recorded(self, as_erik: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*args: Any) -> None:
            raise OperationalError("database is locked")

        monkeypatch.setattr(recording, "_append", fail)

        assert as_erik.get(reverse("audit_log", args=["acme"])).status_code == 403
