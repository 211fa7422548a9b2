"""Before anything dangerous, whoever signed in a while ago shows once more who they are, and loses nothing by it."""

from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.workspaces.models import Workspace
from tests.accounts.conftest import let_time_pass

PASSWORD = "maria-pass-1"


def show(client: Client, url: str, password: str = PASSWORD) -> object:
    return client.post(url, {"password": password}, follow=True)


def test_who_has_just_signed_in_is_not_asked(as_maria: Client, key: APIKey) -> None:
    as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))

    key.refresh_from_db()
    assert key.retired_at


def test_what_was_sent_goes_on_by_itself_afterwards(as_maria: Client, key: APIKey) -> None:
    let_time_pass(as_maria)
    asked = as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))
    key.refresh_from_db()
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not key.retired_at

    show(as_maria, asked["Location"])

    key.refresh_from_db()
    assert key.retired_at


def test_a_wrong_password_lets_nothing_happen(as_maria: Client, key: APIKey) -> None:
    let_time_pass(as_maria)
    asked = as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]))

    show(as_maria, asked["Location"], "wrong")

    key.refresh_from_db()
    assert not key.retired_at


def test_a_form_for_a_secret_asks_before_it_is_typed(as_maria: Client, workspace: Workspace) -> None:
    let_time_pass(as_maria)
    form = reverse("key_add", args=[workspace.slug])

    asked = as_maria.get(form)
    answer = as_maria.post(asked["Location"], {"password": PASSWORD})

    assert answer["Location"] == form


def test_a_secret_is_not_kept_in_the_session_and_the_rest_of_its_form_is(
    as_maria: Client, workspace: Workspace
) -> None:
    let_time_pass(as_maria)
    fields = {"name": "Main", "secret": "tavus-key-987654321"}

    asked = as_maria.post(reverse("key_add", args=[workspace.slug]), fields)
    kept = "".join(str(session.get_decoded()) for session in Session.objects.all())
    page = show(as_maria, asked["Location"])

    assert "name=Main" in kept
    assert "tavus-key-987654321" not in kept
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert page.context["form"]["name"].value() == "Main"  # type: ignore[attr-defined]
    assert "Paste the API key" in page.content.decode()  # type: ignore[attr-defined]
    assert "the secret that you typed was not kept" in page.content.decode()  # type: ignore[attr-defined]


def test_a_fragment_sends_its_whole_page_to_the_question(as_maria: Client, key: APIKey) -> None:
    let_time_pass(as_maria)
    page = reverse("key", args=[key.workspace.slug, key.pk])
    headers = {"hx-request": "true", "hx-current-url": f"http://testserver{page}"}

    answer = as_maria.post(reverse("key_delete", args=[key.workspace.slug, key.pk]), headers=headers)

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == f"{reverse('account_reauthenticate')}?next={page.replace('/', '%2F')}"


def test_the_question_leads_on_within_this_site_only(as_maria: Client, maria: User) -> None:
    let_time_pass(as_maria)

    answer = as_maria.post(f"{reverse('account_reauthenticate')}?next=https://evil.example/", {"password": PASSWORD})

    assert answer["Location"] == "/"
