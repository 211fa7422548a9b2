"""What people look after themselves: name, address, password, sessions."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.accounts.sessions import LISTED_AT
from tavusweb.accounts.templatetags.accounts import browser
from tests.accounts.conftest import code_in
from tests.scenarios.test_sign_in import PASSWORD, is_in, sign_in

NEW = "maria.new@example.com"


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.EMAIL_CONFIG = "smtp://mail.example"


def test_account_page_links_to_all_sign_in_methods(as_maria: Client) -> None:
    html = as_maria.get(reverse("account")).content.decode()

    for name in ("account_email", "account_change_password", "mfa_index", "mfa_list_webauthn", "usersessions_list"):
        assert f'href="{reverse(name)}"' in html


@pytest.mark.one_database
@pytest.mark.parametrize(
    "name",
    [
        "account",
        "account_email",
        "account_change_password",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "usersessions_list",
        "socialaccount_connections",
        "choose_provider",
    ],
)
@pytest.mark.usefixtures("every_template")
def test_account_pages_require_sign_in(name: str, as_maria: Client) -> None:
    page = as_maria.get(reverse(name))
    outside = Client().get(reverse(name))

    assert page.status_code == 200
    assert "base_account.html" in [template.name for template in page.templates]
    assert outside["Location"].startswith(reverse("account_login"))


def test_name_can_be_changed(as_maria: Client, maria: User) -> None:
    as_maria.post(reverse("account"), {"name": "Maria Müller"})

    maria.refresh_from_db()
    assert maria.name == "Maria Müller"


def test_address_changes_when_its_code_is_entered(
    as_maria: Client, verified_maria: User, mailoutbox: list[Any]
) -> None:
    asked = as_maria.post(reverse("account_email"), {"email": NEW, "action_add": ""})
    verified_maria.refresh_from_db()
    assert verified_maria.email == "maria@example.com"

    waiting = as_maria.get(reverse("account_email")).content.decode()
    done = as_maria.post(asked["Location"], {"code": code_in(mailoutbox[0])})

    verified_maria.refresh_from_db()
    assert f'href="{asked["Location"]}"' in waiting
    assert done["Location"] == reverse("account")
    assert mailoutbox[0].to == [NEW]
    assert verified_maria.email == NEW
    assert [address.email for address in EmailAddress.objects.filter(user=verified_maria)] == [NEW]


def test_three_wrong_codes_end_the_change(as_maria: Client, verified_maria: User, mailoutbox: list[Any]) -> None:
    where = as_maria.post(reverse("account_email"), {"email": NEW, "action_add": ""})["Location"]

    for _ in range(3):
        as_maria.post(where, {"code": "WRONG1"})
    as_maria.post(where, {"code": code_in(mailoutbox[0])})

    verified_maria.refresh_from_db()
    assert verified_maria.email == "maria@example.com"


def test_taken_address_is_refused_without_revealing_it(
    as_maria: Client, verified_maria: User, zoe: User, mailoutbox: list[Any]
) -> None:
    taken = as_maria.post(reverse("account_email"), {"email": zoe.email, "action_add": ""})
    free = as_maria.post(reverse("account_email"), {"email": NEW, "action_add": ""})

    verified_maria.refresh_from_db()
    assert verified_maria.email == "maria@example.com"
    assert (taken.status_code, taken.get("Location")) == (free.status_code, free.get("Location"))


def test_unverified_address_needs_a_code_at_sign_in(
    client: Client, maria: User, with_mail: None, mailoutbox: list[Any]
) -> None:
    asked = sign_in(client, maria.email, PASSWORD)
    assert asked["Location"].startswith(reverse("account_email_verification_sent"))
    assert not is_in(client)

    client.post(asked["Location"], {"code": code_in(mailoutbox[0])})

    assert is_in(client)
    assert EmailAddress.objects.get(user=maria).verified


def test_verified_address_needs_no_code(
    client: Client, verified_maria: User, with_mail: None, mailoutbox: list[Any]
) -> None:
    sign_in(client, verified_maria.email, PASSWORD)

    assert is_in(client)
    assert mailoutbox == []


def test_failed_mail_is_reported(as_maria: Client, verified_maria: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    page = as_maria.post(reverse("account_email"), {"email": NEW, "action_add": ""}, follow=True)

    assert page.status_code == 200
    assert "email could not be sent" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_password_change_ends_other_sessions_and_is_mailed(
    client: Client, verified_maria: User, mailoutbox: list[Any]
) -> None:
    elsewhere = Client()
    sign_in(elsewhere, verified_maria.email, PASSWORD)
    sign_in(client, verified_maria.email, PASSWORD)
    new = "quite-another-pass-2"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}

    done = client.post(reverse("account_change_password"), form)

    assert done["Location"] == reverse("account")
    assert client.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    assert "password" in mailoutbox[0].subject


def test_signing_in_starts_a_new_session(client: Client, maria: User) -> None:
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by somebody"
    session.save()
    before = session.session_key

    sign_in(client, maria.email, PASSWORD)

    assert client.session.session_key != before


def test_sessions_can_be_signed_out_one_by_one(client: Client, maria: User) -> None:
    phone = Client(headers={"user-agent": "Phone"})
    sign_in(phone, maria.email, PASSWORD)
    sign_in(client, maria.email, PASSWORD)
    listed = client.get(reverse("usersessions_list"))
    there = UserSession.objects.get(user_agent="Phone")

    client.post(reverse("end_session", args=[there.pk]))

    assert "Phone" in listed.content.decode()
    assert phone.get(reverse("account")).status_code == 302
    assert client.get(reverse("account")).status_code == 200
    assert not UserSession.objects.filter(pk=there.pk).exists()


def test_all_other_sessions_can_be_signed_out(client: Client, maria: User) -> None:
    others = [Client(), Client()]
    for each in [*others, client]:
        sign_in(each, maria.email, PASSWORD)

    client.post(reverse("usersessions_list"))

    assert [each.get(reverse("account")).status_code for each in [*others, client]] == [302, 302, 200]


def test_session_of_another_person_is_404(as_maria: Client, zoe: User) -> None:
    theirs = Client()
    sign_in(theirs, zoe.email, "zoe-pass-123")

    answer = as_maria.post(reverse("end_session", args=[UserSession.objects.get(user=zoe).pk]))

    assert answer.status_code == 404
    assert theirs.get(reverse("account")).status_code == 200


def test_session_is_updated_occasionally(client: Client, maria: User, django_assert_num_queries: Any) -> None:
    sign_in(client, maria.email, PASSWORD)
    row = UserSession.objects.get()
    client.get(reverse("workspaces"), headers={"user-agent": "Other"})
    assert UserSession.objects.get().last_seen_at == row.last_seen_at

    session = client.session
    session[LISTED_AT] -= 301
    session.save()
    client.get(reverse("workspaces"), headers={"user-agent": "Other"})

    assert UserSession.objects.get().last_seen_at > row.last_seen_at
    assert UserSession.objects.get().user_agent == "Other"


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        ("curl/8.5", "curl/8.5"),
        ("", "Unknown browser"),
    ],
)
def test_browser_is_named_readably(agent: str, shown: str) -> None:
    assert browser(agent) == shown
