"""Before anything dangerous, whoever signed in a while ago shows once more who they are, and loses nothing by it."""

from collections.abc import Iterator
from itertools import product
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.keys.models import APIKey
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission
from tests.accounts.conftest import come_in_with_factor, let_time_pass
from tests.accounts.test_mfa import code_of
from tests.scenarios.test_routes import IN_WORKSPACE, SIGNED_IN

PASSWORD = "maria-pass-1"


def show(client: Client, url: str, password: str = PASSWORD) -> object:
    return client.post(url, {"password": password}, follow=True)


def test_recent_sign_in_is_not_asked_again(as_maria: Client, key: APIKey) -> None:
    as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))

    key.refresh_from_db()
    assert key.retired_at


def test_suspended_form_resumes_after_reauthentication(as_maria: Client, key: APIKey) -> None:
    let_time_pass(as_maria)
    asked = as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))
    key.refresh_from_db()
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not key.retired_at

    show(as_maria, asked["Location"])

    key.refresh_from_db()
    assert key.retired_at


def test_wrong_password_changes_nothing(as_maria: Client, key: APIKey) -> None:
    let_time_pass(as_maria)
    asked = as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))

    show(as_maria, asked["Location"], "wrong")

    key.refresh_from_db()
    assert not key.retired_at


def test_secret_form_reauthenticates_before_it_is_shown(as_maria: Client, workspace: Workspace) -> None:
    let_time_pass(as_maria)
    form = reverse("key_add", args=[workspace.slug])

    asked = as_maria.get(form)
    answer = as_maria.post(asked["Location"], {"password": PASSWORD})

    assert answer["Location"] == form


def test_suspended_form_keeps_everything_but_secrets(as_maria: Client, workspace: Workspace) -> None:
    let_time_pass(as_maria)
    fields = {"name": "Main", "secret": "tavus-key-987654321"}

    asked = as_maria.post(reverse("key_add", args=[workspace.slug]), fields)
    stored = "".join(str(session.get_decoded()) for session in Session.objects.all())
    page = show(as_maria, asked["Location"])

    assert "name=Main" in stored
    assert "tavus-key-987654321" not in stored
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert page.context["form"]["name"].value() == "Main"  # type: ignore[attr-defined]
    assert "Paste the API key" in page.content.decode()  # type: ignore[attr-defined]
    assert "passwords and keys are not kept" in page.content.decode()  # type: ignore[attr-defined]


def test_fragment_sends_its_page_to_reauthentication(as_maria: Client, key: APIKey) -> None:
    let_time_pass(as_maria)
    page = reverse("key", args=[key.workspace.slug, key.pk])
    headers = {"hx-request": "true", "hx-current-url": f"http://testserver{page}"}

    answer = as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]), headers=headers)

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == f"{reverse('account_reauthenticate')}?next={page.replace('/', '%2F')}"


def test_reauthentication_redirects_only_within_this_site(as_maria: Client, maria: User) -> None:
    let_time_pass(as_maria)

    answer = as_maria.post(f"{reverse('account_reauthenticate')}?next=https://evil.example/", {"password": PASSWORD})

    assert answer["Location"] == "/"


def test_sign_out_discards_the_suspended_form(client: Client, db: None) -> None:
    answer = client.post(reverse("mfa_add_webauthn"), {"x": "a" * 1000})

    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('mfa_add_webauthn')}"
    assert not Session.objects.exists()


def test_suspended_allauth_form_resumes_too(as_maria: Client, maria: User) -> None:
    TOTP.activate(maria, "JBSWY3DPEHPK3PXP")
    let_time_pass(as_maria)
    asked = as_maria.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.exists()

    as_maria.post(asked["Location"], {"code": code_of("JBSWY3DPEHPK3PXP")})

    assert asked["Location"].startswith("/account/")
    assert not Authenticator.objects.exists()


def test_suspended_form_keeps_no_cookie_or_header(as_maria: Client, key: APIKey) -> None:
    let_time_pass(as_maria)

    as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]), headers={"x-secret": "told"})

    stored = str(as_maria.session.items())
    assert as_maria.cookies["sessionid"].value not in stored
    assert "told" not in stored


@pytest.mark.parametrize("name", ["key_delete", "mfa_deactivate_totp"])
def test_overlong_form_is_not_kept_and_says_so(name: str, as_maria: Client, key: APIKey, maria: User) -> None:
    TOTP.activate(maria, "JBSWY3DPEHPK3PXP")
    let_time_pass(as_maria)
    args = [key.workspace.slug, key.pk] if name == "key_delete" else []

    asked = as_maria.post(reverse(name, args=args), {"x": "a" * 300_000})

    assert len(str(as_maria.session.items())) < 10_000
    assert "too long to keep" in as_maria.get(asked["Location"]).content.decode()


def test_abandoned_form_is_not_resumed_later(as_maria: Client, key: APIKey) -> None:
    let_time_pass(as_maria)
    as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))
    form = reverse("key_add", args=[key.workspace.slug])
    asked = as_maria.get(form)

    answer = as_maria.post(asked["Location"], {"password": PASSWORD})

    key.refresh_from_db()
    assert answer["Location"] == form
    assert not key.retired_at


def test_resumed_request_has_the_address_of_the_proof(as_maria: Client, key: APIKey) -> None:
    let_time_pass(as_maria)
    asked = as_maria.post(f"{reverse('key_delete', args=[key.workspace.slug, key.pk])}?a=b", REMOTE_ADDR="10.0.0.1")

    as_maria.post(asked["Location"], {"password": PASSWORD}, REMOTE_ADDR="10.0.0.2")

    assert AuditEvent.objects.get(action=AuditAction.KEY_DELETED).address == "10.0.0.2"


# Every page of one's own account, by whether an old session may send it a form or see what it shows.
ASKS = {
    "account_email",
    "account_change_password",
    "account_set_password",
    "socialaccount_connections",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}
OPENS_NOTHING = {
    *("account", "mfa_index", "mfa_list_webauthn", "account_logout", "end_session", "usersessions_list"),
    *("appearance", "notification_settings", "notification_unmute"),
}
ASKS_ITSELF = {
    "account_reauthenticate",
    "reauthenticate_by_provider",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


def test_every_account_page_is_listed_here() -> None:
    assert set(SIGNED_IN) == ASKS | OPENS_NOTHING | ASKS_ITSELF


@pytest.mark.one_database
@pytest.mark.parametrize("name", sorted(ASKS))
def test_old_session_cannot_change_or_see_sign_in_methods(name: str, client: Client, maria: User) -> None:
    maria.set_unusable_password()
    maria.save()
    connected = [SocialAccount.objects.create(user=maria, provider="corp", uid=uid) for uid in ("u-1", "u-2")]
    RecoveryCodes.activate(maria)
    if name != "mfa_activate_totp":
        TOTP.activate(maria, "JBSWY3DPEHPK3PXP")
    passkey = Authenticator.objects.create(user=maria, type="webauthn", data={"name": "Key"})
    come_in_with_factor(client, maria)
    let_time_pass(client)
    to_see = name in {"mfa_view_recovery_codes", "mfa_download_recovery_codes"}
    fields = {"email": "new@example.com", "account": connected[0].pk, "name": "Mine", "action_add": ""}
    fields |= {"oldpassword": PASSWORD, "password2": "a-new-pass-1"}

    url = reverse(name, args=[passkey.pk] if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"} else [])
    asked = client.get(url) if to_see else client.post(url, fields | {"password1": "a-new-pass-1"})

    assert asked["Location"].partition("?")[0] == reverse("mfa_reauthenticate")


def test_owed_second_factor_blocks_password_changes(as_maria: Client, maria: User) -> None:
    """Somebody who has the password, and a session from before there was a second factor."""
    TOTP.activate(maria, "JBSWY3DPEHPK3PXP")
    new = {"oldpassword": PASSWORD, "password1": "a-new-pass-1", "password2": "a-new-pass-1"}

    answers = [as_maria.get(reverse("account_change_password")), as_maria.post(reverse("account_change_password"), new)]

    assert {answer["Location"].partition("?")[0] for answer in answers} == {reverse("mfa_reauthenticate")}
    maria.refresh_from_db()
    assert maria.check_password(PASSWORD)


def test_password_changes_after_reauthentication(as_maria: Client, maria: User) -> None:
    let_time_pass(as_maria)
    form = reverse("account_change_password")
    new = {"oldpassword": PASSWORD, "password1": "a-new-pass-1", "password2": "a-new-pass-1"}

    show(as_maria, as_maria.get(form)["Location"])
    as_maria.post(form, new)

    maria.refresh_from_db()
    assert maria.check_password("a-new-pass-1")


# What is done in a workspace by those who manage it. All of it asks, except what gives nothing away and stops nothing.
MANAGING = {Permission.MANAGE_KEYS, Permission.MANAGE_MEMBERS, Permission.MANAGE_SETTINGS, Permission.OWN}
IDS = (["acme"], ["acme", UUID(int=1)], ["acme", 1], ["acme", "csv"])  # of nothing that there is


def managed() -> Iterator[tuple[str, str]]:
    for name, args in product(sorted(IN_WORKSPACE), IDS):
        try:
            url = reverse(name, args=args)
        except NoReverseMatch:
            continue
        if getattr(resolve(url).func, "permission", None) in MANAGING:
            yield name, url


AT_ONCE = {
    *("key", "key_rename", "key_check", "member", "share_preset_default"),
    *("branding", "branding_logo", "branding_preview"),
    *("video_spending_approve", "video_spending_decline"),  # as Generate, for which nobody is asked either
}


@pytest.mark.one_database
@pytest.mark.parametrize(("name", "url"), list(managed()))
def test_old_session_cannot_do_sensitive_actions(name: str, url: str, as_maria: Client) -> None:
    let_time_pass(as_maria)

    answer = as_maria.post(url)

    is_asked = answer.get("Location", "").startswith(reverse("account_reauthenticate"))
    assert is_asked == (name not in AT_ONCE)
