"""What the operator does to an account, and what that means for signing in."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.workspaces.access import Role
from tavusweb.workspaces.models import Invitation, Workspace
from tests.accounts.test_sign_in import PASSWORD, is_in, sign_in

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


def test_an_address_that_the_operator_changed_opens_nothing_any_more(
    operator: Client, client: Client, verified_maria: User, workspace: Workspace, mailoutbox: list[Any]
) -> None:
    invitation, _ = Invitation.issue(workspace, email="maria@example.com", role=Role.OWNER, by=verified_maria)

    answer = rename(operator, verified_maria, "Mary@Example.com")
    sign_in(client, "maria@example.com", PASSWORD)
    client.post(reverse("account_reset_password"), {"email": "maria@example.com"})

    assert answer.status_code == 302
    assert not is_in(client)
    assert "/key/" not in mailoutbox[-1].body
    assert not invitation.is_for(User.objects.get(pk=verified_maria.pk))


def test_the_new_address_opens_and_has_yet_to_be_verified(
    operator: Client, client: Client, verified_maria: User
) -> None:
    rename(operator, verified_maria, NEW)

    sign_in(client, NEW, PASSWORD)

    assert is_in(client)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NEW, False, True)]


def test_an_account_that_is_saved_with_its_address_stays_verified(operator: Client, verified_maria: User) -> None:
    for same in ("maria@example.com", "Maria@example.com"):
        rename(operator, verified_maria, same)

    assert EmailAddress.objects.get().verified
