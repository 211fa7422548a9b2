"""What is written down of proving who one is, and of what happens to one's account, beside coming in by the front door."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core import serializers
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tavusweb.accounts.atomic_views import CHANGES
from tavusweb.accounts.models import User
from tavusweb.audit import record as recording
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.workspaces import signup
from tavusweb.workspaces.models import Invitation, Workspace
from tavusweb.workspaces.permissions import Role
from tests.accounts.conftest import come_in_with_factor
from tests.accounts.test_mfa import SEED, code_of
from tests.scenarios.test_routes import ROUTES

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"}
LOGIN = {"login": "maria@example.com", "password": "maria-pass-1"}
CLIENT = {"type": "webauthn.get", "challenge": "AAAA", "origin": "http://testserver"}
NOT_HERS = {  # well formed, signed by nobody
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "response": {
        "clientDataJSON": urlsafe_b64encode(json.dumps(CLIENT).encode()).decode(),
        "authenticatorData": urlsafe_b64encode(bytes(37)).decode(),
        "signature": "AAAA",
        "userHandle": "AAAA",
    },
}
NO_PASSKEY = {"credential": json.dumps(NOT_HERS)}


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


def recorded(*actions: AuditAction) -> list[tuple[str, str, str, Any]]:
    """Deed, who, against or to what, and after: in the instance's own chain, in order."""
    events = AuditEvent.objects.filter(action__in=actions, chain__name="instance").order_by("seq")
    return list(events.values_list("action", "actor", "target", "after"))


def everything() -> str:
    return json.dumps(list(AuditEvent.objects.values()), default=str)


@pytest.fixture
def guarded_maria(maria: User) -> User:
    TOTP.activate(maria, SEED)
    return maria


class TestFailedProofs:
    FAILED = (AuditAction.SIGN_IN_FAILED, AuditAction.CONFIRM_FAILED)

    @pytest.mark.parametrize(("given", "by"), [({"code": "000000"}, "code"), (NO_PASSKEY, "webauthn")])
    def test_failed_second_step_is_recorded(
        self, given: dict[str, str], by: str, client: Client, guarded_maria: User
    ) -> None:
        client.post(reverse("account_login"), LOGIN)

        client.post(reverse("mfa_authenticate"), given)

        assert recorded(*self.FAILED) == [("sign_in_failed", "", "Maria", {"by": by})]
        assert "000000" not in everything()

    def test_failed_passkey_sign_in_is_recorded(self, client: Client, db: None) -> None:
        client.post(reverse("mfa_login_webauthn"), NO_PASSKEY)

        assert recorded(*self.FAILED) == [("sign_in_failed", "", "", {"by": "webauthn"})]

    @pytest.mark.parametrize("nonsense", [{}, [], 7, None, "x", {"id": 7}, NOT_HERS | {"response": 7}])
    def test_malformed_passkey_is_neither_recorded_nor_an_error(self, nonsense: Any, client: Client, db: None) -> None:
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(nonsense)})

        assert (answer.status_code, recorded(*self.FAILED)) == (302, [])

    @pytest.mark.parametrize(
        ("name", "given", "by"),
        [
            ("account_reauthenticate", {"password": "wrong-pass-123"}, "password"),
            ("mfa_reauthenticate", {"code": "000000"}, "code"),
            ("mfa_reauthenticate_webauthn", NO_PASSKEY, "webauthn"),
            (
                "account_change_password",
                {"oldpassword": "wrong-pass-123", "password1": "quite-new-pass-7", "password2": "quite-new-pass-7"},
                "password",
            ),
        ],
    )
    def test_failed_reauthentication_is_recorded_as_such(
        self, name: str, given: dict[str, str], by: str, as_maria: Client, guarded_maria: User
    ) -> None:
        Authenticator.objects.create(user=guarded_maria, type="webauthn", data={"name": "K", "credential": {}})
        come_in_with_factor(as_maria, guarded_maria)

        as_maria.post(reverse(name), given)

        assert recorded(*self.FAILED) == [("confirm_failed", "maria@example.com", "Maria", {"by": by})]
        assert "wrong-pass-123" not in everything()
        assert guarded_maria.check_password("maria-pass-1")

    @pytest.mark.thorough
    @pytest.mark.parametrize("name", ["mfa_authenticate", "mfa_login_webauthn", "account_login"])
    def test_repeated_attempts_are_limited_and_so_are_their_events(
        self, name: str, client: Client, guarded_maria: User
    ) -> None:
        if name == "mfa_authenticate":
            client.post(reverse("account_login"), LOGIN)
        given = {"login": LOGIN["login"], "password": "wrong-pass-123"} if name == "account_login" else NO_PASSKEY

        for _ in range(30):
            client.post(reverse(name), given)

        assert 5 <= len(recorded(*self.FAILED)) <= 10

    def test_rejection_by_a_provider_is_recorded(self, client: Client, db: None, rf: Any) -> None:
        from types import SimpleNamespace

        from django.contrib.auth.models import AnonymousUser

        adapter = signup.SocialAccountAdapter()
        for number in range(400):
            request = rf.get("/", REMOTE_ADDR=f"203.0.113.{number % 50}")
            request.user = AnonymousUser()
            adapter.on_authentication_error(request, SimpleNamespace(name="Corp"), error="denied")

        seen = recorded(*self.FAILED)
        assert seen[0] == ("sign_in_failed", "", "", {"by": "Corp"})
        assert len(seen) == 100


class TestNewPasswords:
    ADDRESSES = ("maria@example.com", "nobody@example.com")

    def test_reset_request_is_recorded_without_the_input(self, client: Client, maria: User) -> None:
        for address in self.ADDRESSES:
            client.post(reverse("account_reset_password"), {"email": address})

        assert recorded(AuditAction.PASSWORD_RESET_REQUESTED) == [
            ("password_reset_requested", "", "Maria", {}),
            ("password_reset_requested", "", "", {}),
        ]
        assert "nobody@example.com" not in everything()

    def test_unknown_address_costs_the_same_work(self, client: Client, maria: User) -> None:
        client.post(reverse("account_reset_password"), {"email": "first@example.com"})  # the chain begins
        work = []
        for address in self.ADDRESSES:
            with CaptureQueriesContext(connection) as captured:
                client.post(reverse("account_reset_password"), {"email": address})
            work.append([query["sql"][:30] for query in captured if "audit_audit" in query["sql"]])

        assert work[0] == work[1] != []

    def test_unrecorded_reset_is_not_sent(
        self, client: Client, maria: User, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any) -> None:
            raise RuntimeError("The audit log takes nothing")

        monkeypatch.setattr(recording, "_append", refuse)

        for address in self.ADDRESSES:
            with pytest.raises(RuntimeError):
                client.post(reverse("account_reset_password"), {"email": address})

        assert not mailoutbox


class TestSessions:
    @pytest.fixture
    def two(self, maria: User) -> tuple[Client, Client]:
        """The same person at a desk and on a phone."""
        desk, phone = Client(), Client(headers=FIREFOX)
        for client in (desk, phone):
            client.post(reverse("account_login"), LOGIN)
        return desk, phone

    @pytest.mark.parametrize("how", ["one", "all others"])
    def test_ended_session_is_identified(self, how: str, two: tuple[Client, Client]) -> None:
        desk, phone = two
        other = UserSession.objects.get(session_key=phone.session.session_key)

        if how == "one":
            desk.post(reverse("end_session", args=[other.pk]))
        else:
            desk.post(reverse("usersessions_list"))

        event = AuditEvent.objects.get(action=AuditAction.SESSION_ENDED)
        assert (event.actor, event.target, event.target_pk) == (
            "maria@example.com",
            "Firefox on Linux, 127.0.0.1",
            str(other.pk),
        )
        assert phone.get(reverse("account")).status_code == 302

    @pytest.mark.parametrize("how", ["one", "all others"])
    def test_unrecorded_end_keeps_the_session(
        self, how: str, two: tuple[Client, Client], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any) -> None:
            raise RuntimeError("The audit log takes nothing")

        desk, phone = two
        other = UserSession.objects.get(session_key=phone.session.session_key)
        monkeypatch.setattr(recording, "_append", refuse)

        with pytest.raises(RuntimeError):
            desk.post(
                reverse("end_session", args=[other.pk]) if how == "one" else reverse("usersessions_list"),
            )

        assert phone.get(reverse("account")).status_code == 200


class TestAccounts:
    def test_account_created_by_invitation_is_recorded(self, client: Client, workspace: Workspace, maria: User) -> None:
        _, token = Invitation.issue(workspace, email="nora@example.com", role=Role.VIEWER, by=maria)

        client.post(reverse("invitation", args=[token]), {"name": "Nora", "password": "nora-pass-123"})

        assert recorded(AuditAction.ACCOUNT_CREATED) == [("account_created", "nora@example.com", "Nora", {})]

    def test_account_created_by_domain_is_recorded(
        self, client: Client, workspace: Workspace, maria: User, settings: Any
    ) -> None:
        settings.EMAIL_CONFIG = "smtp://mail.example"
        workspace.join_domains.create(domain="example.com", added_by=maria)
        form = {"name": "Nora", "email": "nora@example.com", "password1": "nora-pass-123"}

        client.post(reverse("account_signup"), form)

        assert recorded(AuditAction.ACCOUNT_CREATED) == [("account_created", "nora@example.com", "Nora", {})]

    def test_own_second_factor_is_recorded(self, as_maria: Client, maria: User) -> None:
        page = as_maria.get(reverse("mfa_activate_totp"))

        as_maria.post(reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret)})
        come_in_with_factor(as_maria, maria)
        as_maria.post(reverse("mfa_deactivate_totp"))

        assert recorded(AuditAction.ACCOUNT_CHANGED) == [
            ("account_changed", "maria@example.com", "Maria", {happened: what})
            for happened in ("added", "removed")
            for what in ("totp", "recovery_codes")
        ]

    def test_second_factor_removed_in_the_admin_is_recorded_there(self, client: Client, guarded_maria: User) -> None:
        client.force_login(User.objects.create_superuser("root@example.com"))
        row = Authenticator.objects.get(user=guarded_maria)

        client.post(reverse("admin:mfa_authenticator_delete", args=[row.pk]), {"post": "yes"})

        assert recorded(AuditAction.ACCOUNT_CHANGED, AuditAction.ADMIN_DELETED) == [
            ("admin_deleted", "root@example.com", "TOTP Authenticator", {})
        ]

    def test_changed_name_is_recorded(self, as_maria: Client) -> None:
        as_maria.post(reverse("account"), {"name": "Maria Luz"})

        event = AuditEvent.objects.get(action=AuditAction.ACCOUNT_CHANGED)
        assert (event.before, event.after) == ({"name": "Maria"}, {"name": "Maria Luz"})


class TestBothOrNeither:
    """allauth saves first and tells afterwards."""

    def state(self) -> str:
        models = (User, Authenticator, EmailAddress, SocialAccount)
        return "".join(serializers.serialize("json", model.objects.order_by("pk")) for model in models)

    @pytest.mark.parametrize(
        ("name", "form"),
        [
            (
                "account_change_password",
                {"oldpassword": "maria-pass-1", "password1": "quite-new-pass-7", "password2": "quite-new-pass-7"},
            ),
            ("account_set_password", {"password1": "quite-new-pass-7", "password2": "quite-new-pass-7"}),
            ("mfa_deactivate_totp", {}),
            ("mfa_generate_recovery_codes", {}),
            ("mfa_activate_totp", {"code": ""}),
            ("socialaccount_connections", {"account": ""}),
            ("account", {"name": "Another"}),
        ],
    )
    def test_unrecorded_change_is_not_made(
        self,
        name: str,
        form: dict[str, str],
        as_maria: Client,
        maria: User,
        settings: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def refuse(*args: Any) -> None:
            raise RuntimeError("The audit log takes nothing")

        if name == "account_set_password":
            maria.set_unusable_password()
            maria.save()
        if name == "mfa_activate_totp":
            form = {"code": code_of(as_maria.get(reverse(name)).context["form"].secret)}
        else:
            TOTP.activate(maria, SEED)
        account = SocialAccount.objects.create(user=maria, provider="corp", uid="1")
        if name == "socialaccount_connections":
            app = {"provider_id": "corp", "name": "Corp", "client_id": "x", "settings": {"server_url": "https://x"}}
            settings.SOCIALACCOUNT_PROVIDERS = {
                "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
            }
            EmailAddress.objects.create(user=maria, email=maria.email, primary=True, verified=True)
            form = {"account": str(account.pk)}
        if name != "mfa_activate_totp":
            come_in_with_factor(as_maria, maria)
        before = self.state()
        monkeypatch.setattr(recording, "_append", refuse)

        with pytest.raises(RuntimeError, match="The audit log takes nothing"):
            as_maria.post(reverse(name), form)

        assert self.state() == before

    def test_every_page_that_changes_an_account_is_atomic(self) -> None:
        known = {name for name in CHANGES if any(name == route for route in ROUTES)}

        assert known == CHANGES

    def test_unrecorded_account_is_not_created(
        self, client: Client, workspace: Workspace, maria: User, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any) -> None:
            raise RuntimeError("The audit log takes nothing")

        settings.EMAIL_CONFIG = "smtp://mail.example"
        workspace.join_domains.create(domain="example.com", added_by=maria)
        monkeypatch.setattr(recording, "_append", refuse)

        with pytest.raises(RuntimeError):
            client.post(
                reverse("account_signup"),
                {"name": "Nora", "email": "nora@example.com", "password1": "nora-pass-123"},
            )

        assert not User.objects.filter(email="nora@example.com").exists()

    @pytest.mark.django_db(transaction=True)
    def test_rolled_back_change_sends_no_mail(
        self, as_maria: Client, maria: User, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any) -> None:
            raise RuntimeError("The audit log takes nothing")

        EmailAddress.objects.create(user=maria, email=maria.email, primary=True, verified=True)
        TOTP.activate(maria, SEED)
        come_in_with_factor(as_maria, maria)
        with monkeypatch.context() as patched:
            patched.setattr(recording, "_append", refuse)
            with pytest.raises(RuntimeError):
                as_maria.post(reverse("mfa_deactivate_totp"))
        undone = len(mailoutbox)
        as_maria.post(reverse("mfa_deactivate_totp"))

        assert (undone, len(mailoutbox)) == (0, 1)


class TestInAndOut:
    """Their events have a transaction of their own, before what they tell of."""

    @pytest.fixture
    def no_trail(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*args: Any) -> None:
            raise RuntimeError("The audit log takes nothing")

        monkeypatch.setattr(recording, "_append", refuse)

    def test_unrecorded_sign_in_is_refused(self, client: Client, maria: User, no_trail: None) -> None:
        with pytest.raises(RuntimeError):
            client.post(reverse("account_login"), {"login": "maria@example.com", "password": "maria-pass-1"})

        assert client.get(reverse("account"))["Location"].startswith(reverse("account_login"))

    def test_unrecorded_sign_out_is_refused(self, as_maria: Client, no_trail: None) -> None:
        with pytest.raises(RuntimeError):
            as_maria.post(reverse("account_logout"))

        assert as_maria.get(reverse("account")).status_code == 200
