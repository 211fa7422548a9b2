"""Who may create a workspace, how many, and what becomes of a deleted one's address."""

from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.accounts.sessions import MOST
from tavusweb.workspaces.models import RETIRED_FOR, RetiredSlug, Workspace
from tavusweb.workspaces.permissions import Role


@pytest.fixture(autouse=True)
def fresh(db: None) -> None:
    cache.clear()


def create(client: Client, name: str = "New one") -> Any:
    return client.post(reverse("workspace_new"), {"name": name})


@pytest.mark.parametrize(
    ("who", "owner", "staff", "may"),
    [
        ("everyone", False, False, True),
        ("owners", False, False, False),
        ("owners", True, False, True),
        ("owners", False, True, True),
        ("staff", True, False, False),
        ("staff", False, True, True),
    ],
)
def test_operator_says_who_may_create(
    who: str, owner: bool, staff: bool, may: bool, client: Client, workspace: Workspace, settings: Any
) -> None:
    settings.WORKSPACE_CREATION = who
    person = User.objects.create_user("p@example.com", "p-pass-12345", is_staff=staff)
    workspace.memberships.create(user=person, role=Role.OWNER if owner else Role.VIEWER)
    client.force_login(person)

    shown = client.get(reverse("workspaces")).content.decode()
    answer = create(client)

    assert (reverse("workspace_new") in shown) == may
    assert answer.status_code == (302 if may else 422)
    assert may or "you cannot create workspaces" in answer.content.decode()


def test_person_owns_no_more_than_the_limit(client: Client, maria: User, settings: Any) -> None:
    settings.WORKSPACES_PER_PERSON = 2
    client.force_login(maria)

    answers = [create(client) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "You own 2 workspaces, the maximum." in answers[2].content.decode()


def test_address_of_a_deleted_workspace_stays_taken_for_90_days(client: Client, maria: User, zoe: User) -> None:
    Workspace.objects.create_with_owner("Zeta", maria).delete()

    with time_machine.travel(timezone.now() + RETIRED_FOR * 0.99):
        soon = Workspace.objects.create_with_owner("Zeta", zoe)
    with time_machine.travel(timezone.now() + RETIRED_FOR):
        late = Workspace.objects.create_with_owner("Zeta", zoe)
        forgotten = RetiredSlug.objects.forget_old()

    assert soon.slug.startswith("zeta-")
    assert late.slug == "zeta"
    assert forgotten == 1


def test_old_bookmark_of_a_deleted_workspace_leads_nowhere(client: Client, maria: User, zoe: User) -> None:
    mine = Workspace.objects.create_with_owner("Zeta", maria)
    bookmark = mine.get_absolute_url()
    mine.delete()
    Workspace.objects.create_with_owner("Zeta", zoe)
    client.force_login(zoe)

    assert client.get(bookmark).status_code == 404


@pytest.mark.thorough
def test_person_has_so_many_sessions_and_the_oldest_ends(maria: User) -> None:
    first = Client()
    for client in [first, *(Client() for _ in range(MOST))]:
        sent = {"login": maria.email, "password": "maria-pass-1"}
        assert client.post(reverse("account_login"), sent).status_code == 302
        cache.clear()

    assert UserSession.objects.filter(user=maria).count() == MOST
    assert first.get(reverse("account")).status_code == 302
