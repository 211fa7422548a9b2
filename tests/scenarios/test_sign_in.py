"""Signing in: by e-mail address, in any case, without telling who has an account."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Workspace

PASSWORD = "maria-pass-1"


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str, **given: Any) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password} | given)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def messages_of(page: Any) -> str:
    return " ".join(str(error) for errors in page.context["form"].errors.values() for error in errors)


@pytest.mark.parametrize("typed", ["maria@example.com", "Maria@Example.COM", " MARIA@EXAMPLE.COM "])
def test_email_case_does_not_matter_at_sign_in(typed: str, client: Client, maria: User) -> None:
    response = sign_in(client, typed, PASSWORD)

    assert response["Location"] == "/"
    assert is_in(client)


@pytest.mark.parametrize("typed", ["Anna.Lee@Example.com", "anna.lee@example.com", "ANNA.LEE@EXAMPLE.COM"])
def test_email_case_at_sign_up_does_not_matter(typed: str, client: Client, db: None) -> None:
    User.objects.create_user("Anna.Lee@Example.com", PASSWORD)

    sign_in(client, typed, PASSWORD)

    assert is_in(client)


def test_email_is_one_account_in_any_case(maria: User) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("MARIA@example.com", PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="Maria@Example.com").save()


def test_wrong_password_and_unknown_email_get_the_same_response(client: Client, maria: User) -> None:
    wrong, unknown = sign_in(client, maria.email, "wrong"), sign_in(client, "nobody@example.com", "wrong")

    assert wrong.status_code == unknown.status_code
    assert messages_of(wrong) == messages_of(unknown) != ""
    assert not is_in(client)
    assert "wrong" not in re.findall(r'value="([^"]*)"', wrong.content.decode())


def test_deactivated_account_cannot_sign_in(client: Client, maria: User) -> None:
    User.objects.update(is_active=False)

    sign_in(client, maria.email, PASSWORD)

    assert not is_in(client)


def test_limits_hold_across_processes(client: Client, maria: User, settings: Any) -> None:
    assert "locmem" not in settings.CACHES["default"]["BACKEND"]
    for _ in range(5):
        sign_in(client, maria.email, "wrong")

    page = sign_in(Client(), maria.email, PASSWORD)

    assert "Too many failed attempts" in messages_of(page)
    assert not is_in(client)


def test_forged_forwarded_header_does_not_bypass_the_limit(client: Client, maria: User) -> None:
    answers = [
        client.post(
            reverse("account_login"),
            {"login": f"user{number}@example.com", "password": "wrong"},
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        )
        for number in range(12)
    ]

    assert "Too many failed attempts" in messages_of(answers[-1])


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/workspaces/", "/workspaces/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("https:evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://127.0.0.1/x", "/"),
        ("http://localhost:3000/x", "/"),
        ("//[::1]/x", "/"),
        ("http://127.0.0.1:8000/workspaces/", "http://127.0.0.1:8000/workspaces/"),  # SITE_URL
    ],
)
def test_next_page_stays_within_this_site(wanted: str, where: str, client: Client, maria: User) -> None:
    address = f"{reverse('account_login')}?next={wanted}"

    page = client.get(address)
    response = sign_in(client, maria.email, PASSWORD, next=wanted)

    assert page.status_code == 200
    assert response["Location"] == where


def test_sign_up_requires_an_invitation(client: Client, db: None) -> None:
    fields = {"email": "new@example.com", "password1": "a-good-pass-1"}

    shown, sent = client.get("/account/signup/"), client.post("/account/signup/", fields)

    assert "account/signup_closed.html" in [template.name for template in shown.templates]
    assert "account/signup_closed.html" in [template.name for template in sent.templates]
    assert not User.objects.exists()


def test_signing_out_asks_first_and_ends_the_session(client: Client, maria: User) -> None:
    client.force_login(maria)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client)

    client.post(reverse("account_logout"))

    assert not is_in(client)


def test_reset_link_goes_only_to_the_owner(client: Client, maria: User, mailoutbox: list[Any]) -> None:
    known = client.post(reverse("account_reset_password"), {"email": "Maria@example.com"})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})

    assert known["Location"] == unknown["Location"]
    assert [mail.to for mail in mailoutbox] == [["maria@example.com"], ["nobody@example.com"]]
    assert "/key/" not in mailoutbox[1].body
    match = re.search(r"https?://\S+/account/password/reset/key/\S+", mailoutbox[0].body)
    assert match
    assert match[0].startswith("http://127.0.0.1:8000/"), "the address of the settings, not of the request"
    page = client.get(urlsplit(match[0]).path, follow=True)
    assert page.status_code == 200


def test_server_without_mail_says_whom_to_ask_and_prints_no_link(
    client: Client, maria: User, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    asked = client.get(reverse("account_reset_password"))

    answers = [client.post(reverse("account_reset_password"), {"email": e}) for e in (maria.email, "no@example.com")]

    pages = [re.sub(r"[A-Za-z0-9]{64}", "the token", page.content.decode()) for page in (asked, *answers)]
    assert all("Ask its administrator for a new password" in page for page in pages)
    assert "Send link" not in pages[0]
    assert pages[1] == pages[2]
    assert "/reset/key/" not in capsys.readouterr().out


def test_reset_link_cannot_point_to_another_server(client: Client, maria: User, mailoutbox: list[Any]) -> None:
    client.post(reverse("account_reset_password"), {"email": maria.email}, headers={"host": "localhost:1234"})

    assert "127.0.0.1:8000" in mailoutbox[0].body
    assert "localhost:1234" not in mailoutbox[0].body


@pytest.mark.parametrize("name", ["videos_refresh", "replica_grid"])
def test_ended_session_redirects_to_sign_in(name: str, client: Client, workspace: Workspace) -> None:
    address = reverse(name, args=[workspace.slug])

    live, plain = client.get(address, headers={"hx-request": "true"}), client.get(address)

    assert (live.status_code, live["HX-Refresh"], live.content) == (204, "true", b"")
    assert plain["Location"] == f"{reverse('account_login')}?next={address}"


def test_after_signing_in_nobody_lands_on_an_address_that_only_takes_forms(
    client: Client, workspace: Workspace, make_video: Any
) -> None:
    cancel = reverse("video_cancel", args=[workspace.slug, make_video().pk])

    response = client.post(cancel)

    wanted = urlsplit(response["Location"]).query.removeprefix("next=")
    assert wanted == reverse("workspace", args=[workspace.slug])
