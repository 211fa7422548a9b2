"""An invitation lets one person in, once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.forms import JoinForm
from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Invitation, Membership, Workspace
from tavusweb.workspaces.permissions import Role
from tests.simultaneous import simultaneously

JOINING = {"name": "Nina", "password": "a-long-pass-phrase-9"}


@pytest.fixture
def invite(workspace: Workspace, maria: User) -> Callable[..., tuple[Invitation, str]]:
    """`invite(email, role)`: an invitation and the path of its link."""

    def invite(email: str = "nina@example.com", role: Role = Role.EDITOR) -> tuple[Invitation, str]:
        invitation, token = Invitation.issue(workspace, email=email, role=role, by=maria)
        return invitation, reverse("invitation", args=[token])

    return invite


def roles(workspace: Workspace) -> dict[str, str]:
    return dict(workspace.memberships.values_list("user__email", "role"))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.EDITOR, Role.REVIEWER, Role.VIEWER])
def test_newcomer_gets_an_account_and_the_role_and_is_signed_in(
    role: Role, invite: Any, client: Client, workspace: Workspace
) -> None:
    _, path = invite("Nina@Example.com", role)

    response = client.post(path, JOINING)

    assert response["Location"] == workspace.get_absolute_url()
    assert roles(workspace) == {"maria@example.com": "owner", "nina@example.com": role}
    assert client.get(workspace.get_absolute_url()).status_code == 200
    assert User.objects.get(email="nina@example.com").check_password(JOINING["password"])


def test_token_is_not_in_the_database(invite: Any) -> None:
    invitation, path = invite()
    token = path.split("/")[-2]

    row = Invitation.objects.values().get()

    assert len(token) >= 43, "256 bits"
    assert token not in repr(row)
    assert token not in repr(invitation)


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_opening_a_link_does_not_use_it_up(method: str, invite: Any, client: Client) -> None:
    _, path = invite()

    getattr(client, method)(path)

    assert Invitation.objects.open(timezone.now()).exists()
    assert not User.objects.filter(email="nina@example.com").exists()


def test_link_works_once(invite: Any, workspace: Workspace) -> None:
    _, path = invite()
    Client().post(path, JOINING)

    again = Client().post(path, JOINING | {"name": "Somebody else"})

    assert again.status_code == 404
    assert workspace.memberships.count() == 2


@pytest.mark.parametrize(("asked", "days"), [({}, 7), ({"lasts_days": 1}, 1), ({"lasts_days": 30}, 30)])
def test_link_expires(asked: dict[str, int], days: int, workspace: Workspace, maria: User, client: Client) -> None:
    _, token = Invitation.issue(workspace, email="nina@example.com", role=Role.EDITOR, by=maria, **asked)
    path = reverse("invitation", args=[token])

    with time_machine.travel(timezone.now() + timedelta(days=days, minutes=-1)):
        before = client.get(path).status_code
    with time_machine.travel(timezone.now() + timedelta(days=days, minutes=1)):
        after = client.get(path).status_code, client.post(path, JOINING).status_code

    assert (before, after) == (200, (404, 404))


def test_revoked_link_is_dead_and_an_accepted_one_cannot_be_revoked(invite: Any, client: Client) -> None:
    revoked, path = invite()
    assert revoked.revoke()
    assert client.post(path, JOINING).status_code == 404

    accepted, path = invite()
    client.post(path, JOINING)

    assert not accepted.revoke()


@pytest.mark.parametrize("token", ["unknown", "x" * 5000, "é", "a%20b"])
def test_unknown_link_is_gone(token: str, client: Client, db: None) -> None:
    assert client.get(f"/invitations/{token}/").status_code == 404


def test_signed_in_account_joins_as_itself(invite: Any, client: Client, workspace: Workspace, zoe: User) -> None:
    _, path = invite("zoe@example.com", Role.REVIEWER)
    client.force_login(zoe)

    response = client.post(path)

    assert response["Location"] == workspace.get_absolute_url()
    assert roles(workspace)["zoe@example.com"] == "reviewer"
    assert User.objects.count() == 2


def test_error_report_of_joining_contains_no_password(
    invite: Any, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEBUG = True
    client.raise_request_exception = False
    _, path = invite()
    monkeypatch.setattr(Invitation, "accept", lambda self, user: 1 / 0)

    page = client.post(path, JOINING)

    assert page.status_code == 500
    assert JOINING["password"] not in page.content.decode()
    assert not User.objects.filter(email="nina@example.com").exists(), "no account without a membership"


def test_account_created_meanwhile_causes_no_error(
    invite: Any, client: Client, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    """What the second of two clicks meets: when it looked there was no account, when it writes there is one."""
    _, path = invite()

    def first_click(form: JoinForm) -> None:
        monkeypatch.undo()
        Client().post(path, JOINING)

    monkeypatch.setattr(JoinForm, "clean", first_click)

    response = client.post(path, JOINING)

    assert response.status_code == 404
    assert workspace.memberships.count() == 2


@pytest.mark.django_db(transaction=True)
def test_only_one_of_two_simultaneous_visitors_gets_in(invite: Any, workspace: Workspace, zoe: User) -> None:
    invitation, _ = invite()
    erik = User.objects.create_user("erik@example.com", "erik-pass-12")
    zoes, eriks = (Invitation.objects.get(pk=invitation.pk) for _ in range(2))

    results = simultaneously(lambda: zoes.accept(zoe), lambda: eriks.accept(erik))

    assert sorted(results) == [False, True]
    assert Membership.objects.filter(workspace=workspace).count() == 2
