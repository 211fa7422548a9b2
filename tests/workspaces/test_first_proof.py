"""The first proof of an address ends everything older than it: who squatted the address has no way in afterwards."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.workspaces.models import Invitation, Workspace
from tavusweb.workspaces.permissions import Role
from tests.accounts.conftest import come_in_with_factor
from tests.accounts.provider import Provider
from tests.accounts.test_oidc import come_by, is_in

VICTIM = {"sub": "victim", "email": "nina@corp.example", "email_verified": True, "name": "Nina"}
SQUATTER = {"sub": "squatter", "email": "somebody-else@corp.example", "email_verified": True, "name": "S."}
PASSWORD = "squatters-pass-1"


@pytest.fixture(autouse=True)
def without_mail(provider: Provider, settings: Any) -> None:
    settings.EMAIL_CONFIG = ""
    settings.OIDC_PROVIDERS[0]["settings"]["domains"] = ["corp.example"]


@pytest.fixture
def bait(maria: User) -> Workspace:
    return Workspace.objects.create_with_owner("Bait", maria)


@pytest.fixture
def squatter(bait: Workspace, maria: User) -> Client:
    """The browser of somebody who took the address by the link of an invitation that they made themselves."""
    _, token = Invitation.issue(bait, email=VICTIM["email"], role=Role.EDITOR, by=maria)
    client = Client()
    answer = client.post(reverse("invitation", args=[token]), {"name": "Nina", "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def account(squatter: Client) -> User:
    return User.objects.get(email=VICTIM["email"])


def ways_in(account: User) -> list[int]:
    return [
        rows.filter(user=account).count()
        for rows in (SocialAccount.objects, Authenticator.objects, UserSession.objects)
    ]


def give_every_way_in(account: User) -> None:
    """What an earlier version let a squatter set up, each in its own row."""
    SocialAccount.objects.create(user=account, provider="corp", uid="squatter")
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(account)
    Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "Mine"})
    EmailAddress.objects.create(user=account, email="squatter@example.com")


def test_owner_of_the_address_alone_gets_in(
    provider: Provider, squatter: Client, account: User, client: Client
) -> None:
    give_every_way_in(account)
    provider.tell(claims=VICTIM)

    answer = come_by(provider, client)

    assert answer["Location"] == "/", "no code is asked for that only the squatter has"
    assert client.session["_auth_user_id"] == str(account.pk)
    assert ways_in(account) == [1, 0, 1]
    assert SocialAccount.objects.get().uid == "victim"
    assert list(EmailAddress.objects.filter(user=account).values_list("email", "verified")) == [(VICTIM["email"], True)]
    assert "Everything set up earlier on this account was removed" in client.get("/workspaces/").content.decode()


def test_squatters_sign_in_methods_end(provider: Provider, squatter: Client, account: User, client: Client) -> None:
    give_every_way_in(account)
    unlisted = Client()
    come_in_with_factor(unlisted, account)
    UserSession.objects.filter(user=account).delete()
    provider.tell(claims=VICTIM)
    come_by(provider, client)

    by_password = Client()
    by_password.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    provider.tell(claims=SQUATTER)
    by_provider = Client()
    come_by(provider, by_provider)

    assert client.get(reverse("account")).status_code == 200
    for browser in (squatter, unlisted):
        assert browser.get(reverse("account")).status_code == 302
    assert not is_in(by_password)
    assert not is_in(by_provider)


def test_squatters_memberships_end(
    provider: Provider, squatter: Client, account: User, bait: Workspace, client: Client
) -> None:
    provider.tell(claims=VICTIM)
    come_by(provider, client)

    assert not account.memberships.exists()
    assert client.get(reverse("videos", args=[bait.slug])).status_code == 404
    left = AuditEvent.objects.get(action=AuditAction.MEMBER_LEFT)
    assert left.after == {"because": "first_proof"}


def test_people_admitted_by_the_squatter_are_removed(
    provider: Provider, squatter: Client, account: User, zoe: User, maria: User, client: Client
) -> None:
    """One with an admin goes to the admin; one without stays the account's, and nobody else's."""
    with_admin = Workspace.objects.create_with_owner("Second bait", account)
    with_admin.memberships.create(user=zoe, role=Role.ADMIN)
    with_admin.memberships.create(user=maria, role=Role.VIEWER)
    without = Workspace.objects.create_with_owner("Third bait", account)
    without.memberships.create(user=zoe, role=Role.EDITOR)
    invitation, _ = Invitation.issue(without, email="x@example.com", role=Role.ADMIN, by=account)
    provider.tell(claims=VICTIM)

    come_by(provider, client)

    assert set(with_admin.memberships.values_list("user__email", "role")) == {
        (zoe.email, Role.OWNER),
        (maria.email, Role.VIEWER),
    }
    assert list(without.memberships.values_list("user__email", "role")) == [(account.email, Role.OWNER)]
    invitation.refresh_from_db()
    assert invitation.revoked_at


def test_verified_account_loses_nothing(
    provider: Provider, client: Client, verified_maria: User, workspace: Workspace, settings: Any
) -> None:
    settings.OIDC_PROVIDERS[0]["settings"]["domains"] = []
    SocialAccount.objects.create(user=verified_maria, provider="corp", uid="elsewhere")

    come_by(provider, client)

    assert is_in(client)
    assert SocialAccount.objects.filter(user=verified_maria).count() == 2
    assert verified_maria.memberships.count() == 1


def test_other_address_cannot_be_connected_to_an_unverified_account(
    provider: Provider, squatter: Client, account: User
) -> None:
    provider.tell(claims=SQUATTER)

    page = come_by(provider, squatter, process="connect")

    assert page.status_code == 403
    assert "Nothing was connected" in page.content.decode()
    assert not SocialAccount.objects.exists()


def test_connecting_the_own_address_verifies_it_and_ends_other_methods(
    provider: Provider, squatter: Client, account: User
) -> None:
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    here, elsewhere = Client(), Client()
    come_in_with_factor(here, account)
    come_in_with_factor(elsewhere, account)
    provider.tell(claims=VICTIM)

    come_by(provider, here, process="connect")

    assert EmailAddress.objects.get(user=account).verified
    assert not Authenticator.objects.filter(user=account).exists()
    assert here.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    assert squatter.get(reverse("account")).status_code == 302
    assert account.memberships.exists(), "the person is there by their own choice"


@pytest.mark.parametrize("purpose", ["connect", "redirect"])
def test_handshake_without_sign_in_ends_nothing(
    purpose: str, provider: Provider, squatter: Client, account: User, client: Client
) -> None:
    give_every_way_in(account)
    before = ways_in(account)
    provider.tell(claims=VICTIM)

    come_by(provider, client, process=purpose)

    assert not is_in(client)
    assert ways_in(account) == before


def test_emailed_reset_link_is_a_first_proof(
    squatter: Client, account: User, client: Client, settings: Any, mailoutbox: list[Any]
) -> None:
    give_every_way_in(account)
    EmailAddress.objects.filter(email="squatter@example.com").delete()
    settings.EMAIL_CONFIG = "smtp://mail.example.com"
    client.post(reverse("account_reset_password"), {"email": account.email})
    link = re.search(r"https?://\S+/account/password/reset/key/\S+", mailoutbox[0].body)
    assert link
    page = client.get(urlsplit(link[0]).path, follow=True)

    client.post(page.request["PATH_INFO"], {"password1": "ninas-own-pass-1", "password2": "ninas-own-pass-1"})

    account.refresh_from_db()
    assert account.check_password("ninas-own-pass-1")
    assert ways_in(account) == [0, 0, 0]
    assert not account.memberships.exists()
    assert squatter.get(reverse("account")).status_code == 302
