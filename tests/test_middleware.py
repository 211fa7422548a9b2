"""Characters that a database cannot store are refused before any view."""

from typing import Any

import pytest
from django.test import Client

from tavusweb.accounts.models import User
from tavusweb.audit.models import AuditEvent
from tavusweb.workspaces.models import Workspace
from tests.strictness import faults

ADDRESSES = {
    "the token of a share link": "/s/abc%00def/",
    "the token of an invitation": "/invitations/abc%00def/",
    "a name in a path": "/w/ac%00me/",
    "a file": "/static/css/app%00.css",
    "a search": "/w/acme/?q=wel%00come",
    "the second of two values": "/w/acme/?q=welcome&q=wel%00come",
    "the name of a value": "/w/acme/?q%00=welcome",
    "where to go on to": "/account/login/?next=/w/%00/",
    "a search in the sandbox": "/sandbox/v2/replicas?search=%00",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
@pytest.mark.parametrize("method", ["get", "post"])
def test_url_with_a_nul_is_refused_with_a_clear_page(address: str, method: str, as_maria: Client) -> None:
    before = AuditEvent.objects.count()

    answer = getattr(as_maria, method)(address)

    assert answer.status_code == 400
    assert "This request could not be read" in answer.content.decode()
    assert faults(answer) == []
    assert AuditEvent.objects.count() == before


def test_callback_url_with_a_nul_is_refused(client: Client, db: None) -> None:
    assert client.post("/callbacks/a%00b/", b"{}", "application/json").status_code == 400


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "unlocked"])
def test_cookie_with_a_nul_is_refused(name: str, client: Client, db: None) -> None:
    # Quoted and escaped as in a real header: Django decodes it to a NUL.
    answer = client.get("/account/login/", headers={"cookie": f'{name}="a\\000b"'})

    assert answer.status_code == 400


def test_nul_in_a_form_is_reported_beside_its_field(as_maria: Client, workspace: Workspace) -> None:
    answer: Any = as_maria.post("/workspaces/new/", {"name": "Ac\0me"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["name"] == ["Null characters are not allowed."]
    assert Workspace.objects.count() == 1


def test_nul_in_a_sign_in_email_fails_like_any_wrong_email(client: Client, maria: User) -> None:
    answer = client.post("/account/login/", {"login": "maria\0@example.com", "password": "maria-pass-1"})

    assert answer.status_code in {200, 422}
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("query", ["q=%EF%BF%BD", "q=%ed%a0%80", "q=%ff", "q=%E2%80%8B", "q=%F0%9F%98%80"])
def test_other_unusual_characters_are_accepted(query: str, as_maria: Client) -> None:
    assert as_maria.get(f"/w/acme/?{query}", follow=True).status_code == 200
