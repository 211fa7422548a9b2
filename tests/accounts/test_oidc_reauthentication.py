"""An account that only a provider opens: before anything dangerous, the provider is asked again who is there."""

import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.keys.models import APIKey
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role
from tests.accounts.conftest import MARIA, let_time_pass
from tests.accounts.provider import Provider
from tests.accounts.test_oidc import set_out

BY_PROVIDER = "/account/providers/reauthenticate/"
ZOE = {"sub": "u-9", "email": "zoe@example.com", "email_verified": True, "name": "Zoe"}


@pytest.fixture
def only_by_provider(maria: User) -> User:
    maria.set_unusable_password()
    maria.save()
    SocialAccount.objects.create(user=maria, provider="corp", uid=MARIA["sub"])
    EmailAddress.objects.create(user=maria, email=maria.email, primary=True, verified=True)
    return maria


@pytest.fixture
def a_while_ago(provider: Provider, only_by_provider: User, client: Client) -> Client:
    """Maria's session, which began an hour ago."""
    client.force_login(only_by_provider)
    let_time_pass(client)
    return client


def delete_key(client: Client, key: APIKey) -> Any:
    return client.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))


def show(provider: Provider, client: Client, wanted: str = "/") -> Any:
    there = set_out(client, process="still_there", next=wanted)
    return client.get(provider.sign_in(there))


def is_retired(key: APIKey) -> bool:
    return APIKey.objects.get(pk=key.pk).retired_at is not None


def test_reauthentication_at_the_provider_resumes_the_form(
    provider: Provider, a_while_ago: Client, key: APIKey
) -> None:
    wanted = reverse("key_delete", args=[key.workspace.slug, key.pk])
    asked = delete_key(a_while_ago, key)
    assert not is_retired(key)
    page = a_while_ago.get(asked["Location"])

    show(provider, a_while_ago, wanted)

    assert asked["Location"] == f"{BY_PROVIDER}?{urlencode({'next': wanted})}"
    assert "Continue with Corp" in page.content.decode()
    assert f'name="next" value="{wanted}"' in page.content.decode()
    assert is_retired(key)


def test_later_errors_are_not_blamed_on_the_provider(provider: Provider, a_while_ago: Client, key: APIKey) -> None:
    wanted = reverse("key_delete", args=[key.workspace.slug, key.pk])
    delete_key(a_while_ago, key)
    key.workspace.memberships.update(role=Role.VIEWER)

    page = show(provider, a_while_ago, wanted)

    assert page.status_code == 403
    assert "403.html" in [template.name for template in page.templates]


def test_provider_reauthentication_keeps_the_session(provider: Provider, a_while_ago: Client, key: APIKey) -> None:
    before = a_while_ago.session.session_key

    answer = show(provider, a_while_ago, "/workspaces/")
    delete_key(a_while_ago, key)

    assert answer["Location"] == "/workspaces/"
    assert a_while_ago.session.session_key == before
    assert is_retired(key)


def test_fragment_sends_its_page_to_the_provider(a_while_ago: Client, key: APIKey) -> None:
    page = reverse("key", args=[key.workspace.slug, key.pk])
    headers = {"hx-request": "true", "hx-current-url": f"http://testserver{page}"}

    answer = a_while_ago.post(reverse("key_delete", args=[key.workspace.slug, key.pk]), headers=headers)

    assert answer["HX-Redirect"] == f"{BY_PROVIDER}?{urlencode({'next': page})}"


@pytest.mark.parametrize(
    ("faults", "prompt"), [((), None), (("knows-prompts",), ["login"])], ids=["max_age alone", "prompt as well"]
)
def test_provider_is_asked_to_authenticate_again(
    faults: tuple[str, ...], prompt: Any, provider: Provider, a_while_ago: Client
) -> None:
    provider.tell(claims=MARIA, faults=faults)

    asked = parse_qs(urlsplit(set_out(a_while_ago, process="still_there")).query)

    assert asked["max_age"] == ["60"]
    assert asked.get("prompt") == prompt


def test_sign_in_does_not_ask_to_authenticate_again(provider: Provider, client: Client) -> None:
    assert "max_age" not in set_out(client)
    assert "max_age" not in set_out(Client(), process="still_there")


@pytest.mark.parametrize("by", ["still_there", "login", "redirect", ""])
@pytest.mark.parametrize("has_account", [True, False])
def test_other_person_at_the_provider_does_not_reauthenticate(
    by: str, has_account: bool, provider: Provider, a_while_ago: Client, key: APIKey, maria: User, zoe: User
) -> None:
    if has_account:
        EmailAddress.objects.create(user=zoe, email=zoe.email, primary=True, verified=True)
        SocialAccount.objects.create(user=zoe, provider="corp", uid=ZOE["sub"])
    delete_key(a_while_ago, key)
    provider.tell(claims=ZOE if has_account else ZOE | {"email": "nobody@example.com"})
    wanted = reverse("key_delete", args=[key.workspace.slug, key.pk])

    there = set_out(a_while_ago, process=by, next=wanted)
    page = a_while_ago.get(provider.sign_in(there))

    assert page.status_code == 403
    assert "You are signed in as maria@example.com" in page.content.decode()
    assert a_while_ago.session["_auth_user_id"] == str(maria.pk)
    assert delete_key(a_while_ago, key)["Location"].startswith(BY_PROVIDER)
    assert not is_retired(key)
    assert not SocialAccount.objects.filter(user=maria, uid=ZOE["sub"]).exists()
    assert AuditEvent.objects.get(action=AuditAction.CONFIRM_FAILED).after == {"by": "Corp"}


def test_same_address_alone_does_not_reauthenticate(
    provider: Provider, client: Client, verified_maria: User, key: APIKey
) -> None:
    client.force_login(verified_maria)
    let_time_pass(client)

    page = show(provider, client)

    assert page.status_code == 403
    assert delete_key(client, key)["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize(("seconds", "counts"), [(10, True), (7200, False)])
def test_old_sign_in_at_the_provider_does_not_reauthenticate(
    seconds: int, counts: bool, provider: Provider, a_while_ago: Client, key: APIKey
) -> None:
    provider.tell(claims=MARIA | {"auth_time": int(time.time()) - seconds})

    page = show(provider, a_while_ago)
    delete_key(a_while_ago, key)

    assert (page.status_code != 403) == counts
    assert is_retired(key) == counts


@pytest.mark.parametrize(("seconds", "is_asked"), [(10, False), (7200, True)])
def test_sign_in_time_comes_from_the_provider(
    seconds: int, is_asked: bool, provider: Provider, client: Client, only_by_provider: User, key: APIKey
) -> None:
    provider.tell(claims=MARIA | {"auth_time": int(time.time()) - seconds})
    client.get(provider.sign_in(set_out(client)))

    delete_key(client, key)

    assert is_retired(key) != is_asked


def test_callback_counts_once_in_its_own_session(
    provider: Provider, a_while_ago: Client, key: APIKey, only_by_provider: User
) -> None:
    address = provider.sign_in(set_out(a_while_ago, process="still_there"))
    elsewhere = Client()
    elsewhere.force_login(only_by_provider)
    let_time_pass(elsewhere)

    assert elsewhere.get(address).status_code == 401
    assert a_while_ago.get(address).status_code == 302
    assert a_while_ago.get(address).status_code == 401
    assert delete_key(elsewhere, key)["Location"].startswith(BY_PROVIDER)


def test_callback_after_sign_out_opens_nothing(provider: Provider, a_while_ago: Client) -> None:
    address = provider.sign_in(set_out(a_while_ago, process="still_there"))
    a_while_ago.post(reverse("account_logout"))

    a_while_ago.get(address)

    assert "_auth_user_id" not in a_while_ago.session


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "account_set_password"])
def test_permanent_access_changes_require_reauthentication(name: str, provider: Provider, a_while_ago: Client) -> None:
    asked = a_while_ago.get(reverse(name))

    answer = show(provider, a_while_ago, reverse(name))

    assert asked["Location"] == f"{BY_PROVIDER}?{urlencode({'next': reverse(name)})}"
    assert answer["Location"] == reverse(name)
    assert a_while_ago.get(reverse(name)).status_code == 200


def test_address_change_requires_reauthentication(provider: Provider, a_while_ago: Client) -> None:
    email = a_while_ago.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})
    password = a_while_ago.post(reverse("account_set_password"), {"password1": "p-w-1234567", "password2": "x"})

    stored = str(dict(a_while_ago.session))
    assert email["Location"].startswith(BY_PROVIDER)
    assert password["Location"].startswith(BY_PROVIDER)
    assert "p-w-1234567" not in stored


def test_connecting_requires_reauthentication(provider: Provider, a_while_ago: Client, only_by_provider: User) -> None:
    provider.tell(claims=MARIA | {"sub": "u-1-at-home"})
    asked = a_while_ago.get(provider.sign_in(set_out(a_while_ago, process="connect")))
    led = a_while_ago.get(asked["Location"])
    before = SocialAccount.objects.count()

    provider.tell(claims=MARIA)
    show(provider, a_while_ago)

    assert led["Location"].startswith(BY_PROVIDER)
    assert before == 1
    assert set(SocialAccount.objects.values_list("user", "uid")) == {
        (only_by_provider.pk, "u-1"),
        (only_by_provider.pk, "u-1-at-home"),
    }


def test_password_and_provider_are_both_offered(provider: Provider, client: Client, maria: User) -> None:
    SocialAccount.objects.create(user=maria, provider="corp", uid=MARIA["sub"])
    client.force_login(maria)

    by_password = client.get(f"{reverse('account_reauthenticate')}?next=/workspaces/").content.decode()
    by_provider = client.get(f"{BY_PROVIDER}?next=/workspaces/").content.decode()

    assert f'href="{BY_PROVIDER}?next=%2Fworkspaces%2F"' in by_password
    assert f'href="{reverse("account_reauthenticate")}?next=%2Fworkspaces%2F"' in by_provider


def test_account_without_any_method_gets_an_explanation(client: Client, workspace: Workspace, key: APIKey) -> None:
    lena = User.objects.create_user("lena@example.com")
    workspace.memberships.create(user=lena, role=Role.ADMIN)
    client.force_login(lena)
    let_time_pass(client)

    page = client.get(delete_key(client, key)["Location"])

    assert page.status_code == 200
    assert "can’t be confirmed" in page.content.decode()
    assert not is_retired(key)


def test_way_back_stays_within_this_site(provider: Provider, a_while_ago: Client) -> None:
    page = a_while_ago.get(f"{BY_PROVIDER}?next=https://evil.example/")

    answer = show(provider, a_while_ago, "https://evil.example/")

    assert "evil.example" not in page.content.decode()
    assert answer["Location"] == "/"
