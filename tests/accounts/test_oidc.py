"""The whole handshake with a real provider process: who comes in, and what is not believed."""

import re
from html import unescape
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Invitation, Requirement, Workspace
from tavusweb.workspaces.permissions import Role
from tests.accounts.conftest import MARIA
from tests.accounts.provider import Provider

BEGIN = "/account/providers/corp/login/"
NEWCOMER = {"sub": "u-2", "email": "Nina@example.com", "email_verified": True, "name": "Nina"}


def set_out(client: Client, **given: str) -> str:
    """The address at the provider that one is led to."""
    page = client.post(BEGIN, given)
    assert page.status_code == 200
    return unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())[1])  # type: ignore[index]


def come_by(provider: Provider, client: Client, **given: str) -> Any:
    return client.get(provider.sign_in(set_out(client, **given)))


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_member_with_a_verified_address_signs_in(provider: Provider, client: Client, verified_maria: User) -> None:
    response = come_by(provider, client, next="/workspaces/")

    assert response["Location"] == "/workspaces/"
    assert client.session["_auth_user_id"] == str(verified_maria.pk)
    assert {"/.well-known/openid-configuration", "/authorize", "/token", "/jwks", "/userinfo"} == set(provider.asked())
    assert verified_maria.check_password("maria-pass-1")


def test_provider_account_is_recognised_by_its_subject(
    provider: Provider, client: Client, verified_maria: User
) -> None:
    come_by(provider, client)
    client.logout()
    provider.tell(claims=MARIA | {"email": "married@example.com"})

    come_by(provider, client)

    assert client.session["_auth_user_id"] == str(verified_maria.pk)
    assert SocialAccount.objects.get().uid == "u-1"


def test_sign_in_starts_a_new_session(provider: Provider, client: Client, verified_maria: User) -> None:
    client.get(BEGIN)
    there = set_out(client)
    before = client.session.session_key

    client.get(provider.sign_in(there))

    assert client.session.session_key != before


def test_invited_newcomer_gets_an_account_and_returns_to_the_invitation(
    provider: Provider, client: Client, workspace: Workspace, maria: User
) -> None:
    _, token = Invitation.issue(workspace, email="nina@example.com", role=Role.VIEWER, by=maria)
    provider.tell(claims=NEWCOMER)

    response = come_by(provider, client, next=reverse("invitation", args=[token]))

    nina = User.objects.get(email="nina@example.com")
    assert response["Location"] == reverse("invitation", args=[token])
    assert (nina.name, nina.has_usable_password()) == ("Nina", False)
    assert EmailAddress.objects.get(user=nina).verified
    assert not workspace.memberships.filter(user=nina).exists(), "only the button accepts"


def test_newcomer_with_domain_access_gets_an_account_and_can_join(
    provider: Provider, client: Client, workspace: Workspace
) -> None:
    workspace.join_domains.create(domain="example.com")
    provider.tell(claims=NEWCOMER)

    page = come_by(provider, client, next=workspace.get_absolute_url())
    asked = client.get(page["Location"], follow=True)
    client.post(reverse("join", args=[workspace.slug]))

    assert "Join Acme?" in asked.content.decode()
    assert workspace.memberships.get(user__email="nina@example.com").role == Role.VIEWER


@pytest.mark.parametrize("invited", [False, True])
def test_stranger_gets_no_account(
    invited: bool, provider: Provider, client: Client, workspace: Workspace, maria: User
) -> None:
    if invited:
        invitation, _ = Invitation.issue(workspace, email="nina@example.com", role=Role.VIEWER, by=maria)
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    provider.tell(claims=NEWCOMER)

    page = come_by(provider, client)

    assert "account/signup_closed.html" in [template.name for template in page.templates]
    assert not User.objects.filter(email="nina@example.com").exists()
    assert not is_in(client)


@pytest.mark.parametrize("verified", [False, None, "false"])
def test_unverified_address_at_the_provider_opens_nothing(
    verified: Any, provider: Provider, client: Client, workspace: Workspace, verified_maria: User
) -> None:
    Invitation.issue(workspace, email="nina@example.com", role=Role.VIEWER, by=verified_maria)
    for claims in (MARIA, NEWCOMER):
        provider.tell(claims=claims | {"email_verified": verified})

        come_by(provider, client)

        assert not is_in(client)
    assert User.objects.count() == 1


def test_provider_is_trusted_only_for_its_domains(
    provider: Provider, client: Client, verified_maria: User, settings: Any
) -> None:
    settings.OIDC_PROVIDERS[0]["settings"]["domains"] = ["corp.example"]

    come_by(provider, client)

    assert not is_in(client)


PRIVATE = [
    {"sub": "private-77", "email": "maria@mail.example", "email_verified": True},
    {"sub": "private-77", "email": "maria@example.com", "email_verified": False},
    {"sub": "private-77"},
]


@pytest.mark.parametrize("claims", PRIVATE)
def test_outside_account_cannot_be_connected(
    claims: Any, provider: Provider, client: Client, verified_maria: User, settings: Any
) -> None:
    settings.OIDC_PROVIDERS[0]["settings"]["domains"] = ["example.com"]
    client.force_login(verified_maria)
    provider.tell(claims=claims)

    page = come_by(provider, client, process="connect")

    assert "no verified email address of your organisation" in page.content.decode()
    assert not SocialAccount.objects.exists()


def test_connected_outside_account_opens_nothing(
    provider: Provider, client: Client, workspace: Workspace, verified_maria: User, settings: Any
) -> None:
    Workspace.objects.update(requires=Requirement.SSO)
    SocialAccount.objects.create(user=verified_maria, provider="corp", uid="private-77")
    settings.OIDC_PROVIDERS[0]["settings"]["domains"] = ["example.com"]
    provider.tell(claims=PRIVATE[0])

    come_by(provider, client)
    outside = is_in(client)
    client.force_login(verified_maria)
    come_by(provider, client)

    assert not outside
    assert client.get(reverse("videos", args=[workspace.slug]))["Location"].startswith(reverse("choose_provider"))


def test_account_in_the_providers_domains_can_be_connected(
    provider: Provider, client: Client, verified_maria: User, settings: Any
) -> None:
    settings.OIDC_PROVIDERS[0]["settings"]["domains"] = ["corp.example"]
    client.force_login(verified_maria)
    provider.tell(claims=MARIA | {"email": "m.m@corp.example"})

    come_by(provider, client, process="connect")
    client.logout()
    come_by(provider, client)

    assert client.session["_auth_user_id"] == str(verified_maria.pk)


def test_password_set_before_the_proof_is_removed(provider: Provider, client: Client, maria: User) -> None:
    come_by(provider, client)

    maria.refresh_from_db()
    assert is_in(client)
    assert not maria.has_usable_password(), "nobody had shown that the address was theirs"


def test_single_sign_on_still_asks_for_the_second_factor(
    provider: Provider, client: Client, verified_maria: User
) -> None:
    TOTP.activate(verified_maria, "JBSWY3DPEHPK3PXP")

    response = come_by(provider, client)

    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


@pytest.mark.parametrize("fault", ["bad-signature", "none", "hs256", "audience", "issuer", "expired", "other-user"])
def test_invalid_id_token_opens_nothing(fault: str, provider: Provider, client: Client, verified_maria: User) -> None:
    provider.tell(claims=MARIA, faults=(fault,))

    page = come_by(provider, client)

    assert "socialaccount/authentication_error.html" in [template.name for template in page.templates]
    assert not is_in(client)


def test_unrequested_callback_opens_nothing(provider: Provider, client: Client, verified_maria: User) -> None:
    address = provider.sign_in(set_out(client))

    page = Client().get(address)

    assert "socialaccount/authentication_error.html" in [template.name for template in page.templates]


def test_callback_works_once(provider: Provider, client: Client, verified_maria: User) -> None:
    address = provider.sign_in(set_out(client))
    client.get(address)
    client.logout()

    client.get(address)

    assert not is_in(client)


def test_cancelled_sign_in_is_reported(provider: Provider, client: Client, verified_maria: User) -> None:
    provider.tell(claims=MARIA, faults=("deny",))

    response = come_by(provider, client)

    assert response["Location"] == reverse("socialaccount_login_cancelled")
    assert client.get(response["Location"]).status_code == 200


def test_unreachable_provider_shows_a_page(provider: Provider, client: Client, settings: Any) -> None:
    settings.OIDC_PROVIDERS[0]["settings"]["server_url"] = "http://127.0.0.1:9"

    page = client.post(BEGIN)

    assert "Corp sent an invalid response" in page.content.decode()


def test_unknown_provider_is_404(provider: Provider, client: Client) -> None:
    assert client.post("/account/providers/nobody/login/").status_code == 404
    assert client.get("/account/providers/nobody/login/callback/").status_code == 404


def test_get_does_not_start_the_handshake(provider: Provider, client: Client) -> None:
    page = client.get(BEGIN)

    assert "http-equiv" not in page.content.decode()
    assert provider.asked() == []


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example"])
def test_return_address_stays_on_this_site(
    wanted: str, provider: Provider, client: Client, verified_maria: User
) -> None:
    response = come_by(provider, client, next=wanted)

    assert response["Location"] == "/"


def test_sign_in_page_offers_the_providers(provider: Provider, client: Client) -> None:
    html = client.get(reverse("account_login"), {"next": "/workspaces/"}).content.decode()

    assert "Continue with Corp" in html
    assert f'action="{BEGIN}"' in html


def test_signed_in_person_connects_and_disconnects_a_provider(
    provider: Provider, client: Client, verified_maria: User
) -> None:
    client.force_login(verified_maria)
    provider.tell(claims=NEWCOMER)

    come_by(provider, client, process="connect")
    connected = SocialAccount.objects.get()
    page = client.get(reverse("socialaccount_connections"))
    client.post(reverse("socialaccount_connections"), {"account": connected.pk})

    assert connected.user == verified_maria
    assert "nina@example.com" in page.content.decode().lower()
    assert not SocialAccount.objects.exists()


def test_only_sign_in_method_cannot_be_disconnected(
    provider: Provider, client: Client, workspace: Workspace, maria: User
) -> None:
    Invitation.issue(workspace, email="nina@example.com", role=Role.VIEWER, by=maria)
    provider.tell(claims=NEWCOMER)
    come_by(provider, client)
    connected = SocialAccount.objects.get()

    page = client.post(reverse("socialaccount_connections"), {"account": connected.pk}).content.decode()

    assert "Corp: Nina@example.com" in page
    assert "This is your only way to sign in." in page
    assert f'href="{reverse("account_set_password")}"' in page
    assert SocialAccount.objects.exists()


@pytest.mark.django_db(transaction=True)  # its mail goes out when the change is committed
def test_removed_provider_can_be_disconnected(client: Client, verified_maria: User, mailoutbox: list[Any]) -> None:
    connected = SocialAccount.objects.create(user=verified_maria, provider="gone-corp", uid="u-1")
    client.force_login(verified_maria)

    page = client.get(reverse("socialaccount_connections"))
    answer = client.post(reverse("socialaccount_connections"), {"account": connected.pk})

    assert "gone-corp: u-1" in page.content.decode()
    assert answer["Location"] == reverse("socialaccount_connections")
    assert not SocialAccount.objects.exists()
    assert "Your account at gone-corp can no longer be used to sign in." in mailoutbox[-1].body
