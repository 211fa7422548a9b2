"""What the operator does to an account, and what that means for signing in."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.workspaces.models import Invitation, Workspace
from tavusweb.workspaces.permissions import Role
from tests.scenarios.test_sign_in import PASSWORD, is_in, sign_in

NEW = "mary@example.com"


@pytest.fixture
def verified_maria(maria: User) -> User:
    EmailAddress.objects.create(user=maria, email=maria.email, primary=True, verified=True)
    return maria


@pytest.fixture
def operator(admin_user: User) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


def rename(operator: Client, user: User, email: str) -> Any:
    fields = {"email": email, "name": user.name, "is_active": "on", "_save": "Save"}
    return operator.post(reverse("admin:accounts_user_change", args=[user.pk]), fields)


def test_changed_address_no_longer_signs_in(
    operator: Client, client: Client, verified_maria: User, workspace: Workspace, mailoutbox: list[Any]
) -> None:
    invitation, _ = Invitation.issue(workspace, email="maria@example.com", role=Role.OWNER, by=verified_maria)

    answer = rename(operator, verified_maria, "Mary@Example.com")
    sign_in(client, "maria@example.com", PASSWORD)
    client.post(reverse("account_reset_password"), {"email": "maria@example.com"})

    assert answer.status_code == 302
    assert not is_in(client)
    assert "/key/" not in mailoutbox[-1].body
    assert not EmailAddress.objects.filter(user=verified_maria, email=invitation.email).exists()
    assert User.objects.get(pk=verified_maria.pk).email != invitation.email


def test_new_address_signs_in_and_is_unverified(operator: Client, client: Client, verified_maria: User) -> None:
    rename(operator, verified_maria, NEW)

    sign_in(client, NEW, PASSWORD)

    assert is_in(client)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NEW, False, True)]


def test_unchanged_address_stays_verified(operator: Client, verified_maria: User) -> None:
    for same in ("maria@example.com", "Maria@example.com"):
        rename(operator, verified_maria, same)

    assert EmailAddress.objects.get().verified


def test_changed_address_ends_the_sessions(
    operator: Client, client: Client, verified_maria: User, admin_user: User
) -> None:
    sign_in(client, verified_maria.email, PASSWORD)
    assert is_in(client)

    rename(operator, verified_maria, NEW)

    assert not is_in(client)
    assert not UserSession.objects.filter(user=verified_maria).exists()
    ended = AuditEvent.objects.get(action=AuditAction.SESSION_ENDED)
    assert (ended.actor, ended.before) == (admin_user.email, {"user": NEW})


def test_unchanged_address_keeps_the_sessions(operator: Client, client: Client, verified_maria: User) -> None:
    sign_in(client, verified_maria.email, PASSWORD)

    rename(operator, verified_maria, "Maria@example.com")

    assert is_in(client)


def test_operators_new_address_keeps_the_current_session(admin_user: User) -> None:
    User.objects.update(password=make_password(PASSWORD))
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        sign_in(browser, admin_user.email, PASSWORD)

    rename_oneself = {"email": NEW, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    here.post(reverse("admin:accounts_user_change", args=[admin_user.pk]), rename_oneself)

    assert (is_in(here), is_in(elsewhere)) == (True, False)


@pytest.mark.parametrize("email", ["other@example.com", "Maria@example.com"])
def test_second_address_is_refused(email: str, operator: Client, maria: User) -> None:
    operator.post(reverse("admin:account_emailaddress_add"), {"user": maria.pk, "email": email, "primary": "on"})

    assert EmailAddress.objects.exists() == (email.lower() == maria.email)


def test_address_changes_only_on_the_account_page(operator: Client, verified_maria: User, zoe: User) -> None:
    row = EmailAddress.objects.get()

    form = {"user": zoe.pk, "email": "zoe@example.com", "primary": "on"}
    operator.post(reverse("admin:account_emailaddress_change", args=[row.pk]), form)

    row.refresh_from_db()
    assert (row.user, row.email, row.verified) == (verified_maria, "maria@example.com", False)


class TestStaffWhoAreNoSuperusers:
    """Permission for every account is none to become a superuser, by whichever way."""

    PASSWORDS = {"usable_password": "true", "password1": "new-pass-1234", "password2": "new-pass-1234"}

    @pytest.fixture
    def stan(self, db: None) -> User:
        """With every permission that there is."""
        stan = User.objects.create_user("stan@example.com", name="Stan", is_staff=True)
        stan.user_permissions.set(Permission.objects.all())
        return stan

    @pytest.fixture
    def as_stan(self, stan: User) -> Client:
        client = Client()
        client.force_login(stan)
        return client

    def test_staff_cannot_grant_superuser_or_permissions(
        self, as_stan: Client, stan: User, verified_maria: User
    ) -> None:
        group = Group.objects.create(name="Everything")
        wanted = {"is_superuser": "on", "groups": [group.pk], "user_permissions": [Permission.objects.first().pk]}  # type: ignore[union-attr]
        stan.user_permissions.remove(Permission.objects.first())  # type: ignore[arg-type]

        for user in (stan, verified_maria):
            form = {"email": user.email, "name": "Renamed", "is_active": "on", "is_staff": "on"} | wanted
            as_stan.post(reverse("admin:accounts_user_change", args=[user.pk]), form)

        assert set(User.objects.values_list("name", "is_superuser", "groups")) == {("Renamed", False, None)}
        assert not verified_maria.user_permissions.exists()
        assert not stan.user_permissions.filter(pk=Permission.objects.first().pk).exists()  # type: ignore[union-attr]

    def test_staff_cannot_change_superusers(self, as_stan: Client, admin_user: User) -> None:
        before = User.objects.filter(pk=admin_user.pk).values().get()
        form = {"email": NEW, "name": "Mine", "is_active": "on"}

        answers = [
            as_stan.post(reverse("admin:accounts_user_change", args=[admin_user.pk]), form),
            as_stan.get(reverse("admin:auth_user_password_change", args=[admin_user.pk])),
            as_stan.post(reverse("admin:auth_user_password_change", args=[admin_user.pk]), self.PASSWORDS),
            as_stan.post(reverse("admin:accounts_user_delete", args=[admin_user.pk]), {"post": "yes"}),
            as_stan.post(
                reverse("admin:accounts_user_changelist"),
                {"action": "delete_selected", "_selected_action": [admin_user.pk], "post": "yes"},
            ),
        ]

        assert {answer.status_code for answer in answers} == {403}
        assert User.objects.filter(pk=admin_user.pk).values().get() == before

    def test_staff_cannot_touch_a_superusers_sign_in_methods(self, as_stan: Client, admin_user: User) -> None:
        rows = [
            EmailAddress.objects.create(user=admin_user, email=admin_user.email),
            TOTP.activate(admin_user, "JBSWY3DPEHPK3PXP").instance,
            SocialAccount.objects.create(user=admin_user, provider="corp", uid="u-1"),
        ]
        added = {"user": admin_user.pk, "email": admin_user.email, "verified": "on"}

        for row in rows:
            name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
            as_stan.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"})
            chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            as_stan.post(reverse(f"{name}_changelist"), chosen)
        verify = {"action": "make_verified", "_selected_action": [rows[0].pk]}
        as_stan.post(reverse("admin:account_emailaddress_changelist"), verify)
        as_stan.post(reverse("admin:account_emailaddress_change", args=[rows[0].pk]), added)
        EmailAddress.objects.filter(user=admin_user).update(email="old@example.com")
        as_stan.post(reverse("admin:account_emailaddress_add"), added)

        assert [type(row).objects.filter(pk=row.pk).exists() for row in rows] == [True, True, True]
        assert list(EmailAddress.objects.values_list("email", "verified")) == [("old@example.com", False)]

    def test_staff_cannot_give_a_group_permissions(self, as_stan: Client, stan: User) -> None:
        group = Group.objects.create(name="Staff")
        stan.groups.add(group)
        form = {"name": "Staff", "permissions": [Permission.objects.first().pk]}  # type: ignore[union-attr]

        answers = [
            as_stan.post(reverse("admin:auth_group_change", args=[group.pk]), form),
            as_stan.post(reverse("admin:auth_group_add"), form | {"name": "New"}),
            as_stan.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}),
        ]

        assert {answer.status_code for answer in answers} == {403}
        assert Group.objects.get() == group
        assert not group.permissions.exists()

    def test_staff_can_change_other_accounts(self, as_stan: Client, verified_maria: User) -> None:
        rename(as_stan, verified_maria, NEW)
        as_stan.post(reverse("admin:auth_user_password_change", args=[verified_maria.pk]), self.PASSWORDS)

        verified_maria.refresh_from_db()
        assert verified_maria.email == NEW
        assert verified_maria.check_password("new-pass-1234")
