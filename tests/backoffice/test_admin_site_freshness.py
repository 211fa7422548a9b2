"""The admin acts for nobody whose sign-in is a while ago, until they have shown again who they are."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Membership, Workspace
from tavusweb.workspaces.permissions import Role
from tests.accounts.conftest import let_time_pass

PASSWORD = "root-pass-12"


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.com", PASSWORD, name="Root")


@pytest.fixture
def as_operator(client: Client, root: User) -> Client:
    client.force_login(root)
    return client


@pytest.fixture
def stale(as_operator: Client) -> Client:
    let_time_pass(as_operator)
    return as_operator


def is_asked(response: Any) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("account_reauthenticate"))


def test_old_session_cannot_grant_ownership(stale: Client, root: User, workspace: Workspace) -> None:
    ownership = {"user": root.pk, "workspace": workspace.pk, "role": "owner"}
    asked = stale.post(reverse("admin:workspaces_membership_add"), ownership)
    before = list(Membership.objects.filter(user=root))

    stale.post(asked["Location"], {"password": PASSWORD}, follow=True)

    assert is_asked(asked)
    assert before == []
    assert Membership.objects.get(user=root).role == Role.OWNER


def test_old_session_cannot_set_a_password_or_keep_one(stale: Client, maria: User) -> None:
    new = {"usable_password": "true", "password1": "new-pass-1234", "password2": "new-pass-1234"}

    asked = stale.post(reverse("admin:auth_user_password_change", args=[maria.pk]), new)
    stored = "".join(str(session.get_decoded()) for session in Session.objects.all())
    page = stale.post(asked["Location"], {"password": PASSWORD}, follow=True)

    maria.refresh_from_db()
    assert is_asked(asked)
    assert "new-pass-1234" not in stored
    assert maria.check_password("maria-pass-1")
    assert page.context["form"].errors


def test_action_runs_after_reauthentication(stale: Client, root: User) -> None:
    group = Group.objects.create(name="Editors")
    chosen = {"action": "delete_selected", "_selected_action": group.pk, "post": "yes"}
    asked = stale.post(reverse("admin:auth_group_changelist"), chosen)
    left = Group.objects.count()

    stale.post(asked["Location"], {"password": PASSWORD}, follow=True)

    assert (is_asked(asked), left, Group.objects.count()) == (True, 1, 0)


@pytest.mark.parametrize("name", ["auth_user_password_change", "accounts_user_change", "auth_group_change"])
def test_password_and_permission_forms_reauthenticate_first(name: str, stale: Client, root: User) -> None:
    Group.objects.create(pk=root.pk, name="Editors")
    page = reverse(f"admin:{name}", args=[root.pk])

    asked = stale.get(page)
    back = stale.post(asked["Location"], {"password": PASSWORD})

    assert is_asked(asked)
    assert back["Location"] == page
    assert stale.get(page).status_code == 200


@pytest.mark.parametrize("name", ["accounts_user_add", "auth_group_add"])
def test_old_session_cannot_create_accounts(name: str, stale: Client) -> None:
    assert is_asked(stale.get(reverse(f"admin:{name}")))


def test_viewing_requires_no_reauthentication(stale: Client, workspace: Workspace) -> None:
    pages = [
        reverse("admin:index"),
        reverse("admin:accounts_user_changelist"),
        reverse("admin:workspaces_workspace_change", args=[workspace.pk]),
    ]

    assert [stale.get(page).status_code for page in pages] == [200, 200, 200]


def test_recent_session_is_not_asked_again(as_operator: Client, root: User) -> None:
    assert as_operator.get(reverse("admin:accounts_user_change", args=[root.pk])).status_code == 200
    assert as_operator.post(reverse("admin:auth_group_add"), {"name": "Editors"})["Location"].endswith("/auth/group/")


def test_signing_out_requires_no_reauthentication(stale: Client) -> None:
    stale.post(reverse("admin:logout"))

    assert "_auth_user_id" not in stale.session


def test_non_staff_is_sent_to_sign_in(as_maria: Client) -> None:
    let_time_pass(as_maria)

    answer = as_maria.post(reverse("admin:auth_group_add"), {"name": "Editors"})

    assert not is_asked(answer)
    assert not Group.objects.exists()
