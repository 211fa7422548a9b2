"""A workspace that asks for more than a password: nobody comes in without, and nobody is left without a word."""

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Requirement, Workspace
from tests.accounts.conftest import let_time_pass

SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def strict(workspace: Workspace) -> Workspace:
    workspace.requires = Requirement.TWO_FACTOR
    workspace.save()
    return workspace


def ask_for(client: Client, workspace: Workspace, requirement: str) -> Any:
    return client.post(reverse("workspace_requires", args=[workspace.slug]), {"requires": requirement})


def come_by_provider(client: Client, user: User) -> None:
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def test_a_member_without_a_second_factor_is_led_to_set_one_up_and_on_from_there(
    client: Client, strict: Workspace, erik: User
) -> None:
    client.force_login(erik)
    wanted = reverse("replicas", args=[strict.slug])

    page = client.get(wanted, follow=True)
    assert page.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "Acme asks for two-factor authentication" in page.content.decode()
    TOTP.activate(erik, SEED)
    setup = client.get(reverse("mfa_index"))

    assert f'href="{wanted}"' in setup.content.decode()
    assert "Go on to Acme" in setup.content.decode()
    assert client.get(wanted).status_code == 200
    assert "Go on to" not in client.get(reverse("mfa_index")).content.decode()


def test_a_fragment_makes_its_whole_page_go_there(client: Client, strict: Workspace, erik: User) -> None:
    client.force_login(erik)

    answer = client.get(reverse("replica_picker", args=[strict.slug]), headers={"hx-request": "true"})

    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_a_stranger_learns_nothing_from_it(client: Client, strict: Workspace, zoe: User) -> None:
    client.force_login(zoe)

    assert client.get(reverse("videos", args=[strict.slug])).status_code == 404


def test_another_workspace_stays_open(client: Client, strict: Workspace, erik: User) -> None:
    other = Workspace.objects.found("Open", erik)
    client.force_login(erik)

    assert client.get(reverse("videos", args=[other.slug])).status_code == 200


def test_single_sign_on_counts_by_session(client: Client, workspace: Workspace, erik: User) -> None:
    Workspace.objects.update(requires=Requirement.SSO)
    wanted = reverse("videos", args=[workspace.slug])
    client.force_login(erik)

    led = client.get(wanted)
    page = client.get(led["Location"])
    come_by_provider(client, erik)

    assert led["Location"].startswith(reverse("choose_provider"))
    assert "Acme asks for single sign-on" in page.content.decode()
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize("requirement", [Requirement.TWO_FACTOR, Requirement.SSO])
def test_an_owner_asks_for_nothing_that_they_do_not_have(
    requirement: Requirement, as_maria: Client, workspace: Workspace, settings: Any
) -> None:
    settings.OIDC_PROVIDERS = [{"provider_id": "corp"}]

    page = ask_for(as_maria, workspace, requirement)

    workspace.refresh_from_db()
    assert page.status_code == 422
    assert "yourself first" in page.content.decode() or "your own account first" in page.content.decode()
    assert workspace.requires == ""


def test_an_owner_who_has_it_asks_for_it_and_takes_it_back(as_maria: Client, workspace: Workspace, maria: User) -> None:
    TOTP.activate(maria, SEED)

    ask_for(as_maria, workspace, Requirement.TWO_FACTOR)
    workspace.refresh_from_db()
    assert workspace.requires == Requirement.TWO_FACTOR
    ask_for(as_maria, workspace, "")

    workspace.refresh_from_db()
    assert workspace.requires == ""


def test_single_sign_on_is_offered_only_where_there_is_a_provider(
    as_maria: Client, workspace: Workspace, settings: Any
) -> None:
    settings.OIDC_PROVIDERS = []

    page = as_maria.get(reverse("workspace_settings", args=[workspace.slug]))

    assert "Two-factor authentication" in page.content.decode()
    assert "Single sign-on" not in page.content.decode()


def test_only_an_owner_decides_and_only_with_a_fresh_sign_in(
    client: Client, as_maria: Client, workspace: Workspace, erik: User
) -> None:
    let_time_pass(as_maria)
    asked = ask_for(as_maria, workspace, "")
    editor = Client()
    editor.force_login(erik)

    refused = ask_for(editor, workspace, "")

    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert refused.status_code == 403
