"""A workspace that asks for more than a password: nobody comes in without, and nobody is left without a word."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Requirement, Workspace
from tests.accounts.conftest import come_in_with_factor, let_time_pass
from tests.accounts.test_mfa import SEED, code_of


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


@pytest.mark.django_db(transaction=True)
def test_member_without_a_second_factor_sets_one_up_and_continues(
    client: Client, strict: Workspace, erik: User
) -> None:
    client.force_login(erik)
    wanted = reverse("replicas", args=[strict.slug])

    page = client.get(wanted, follow=True)
    assert page.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "Acme requires two-factor authentication. Set up" in page.content.decode()
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    codes = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)

    assert f'href="{wanted}"' in codes.content.decode()
    assert "Continue to Acme" in codes.content.decode()
    assert client.get(wanted).status_code == 200
    assert "Continue to" not in client.get(reverse("mfa_index")).content.decode()


def test_password_session_proves_the_second_factor_and_continues(client: Client, strict: Workspace, erik: User) -> None:
    client.force_login(erik)
    TOTP.activate(erik, SEED)
    wanted = f"{reverse('replicas', args=[strict.slug])}?q=anna"

    asked = client.get(wanted)
    page = client.get(asked["Location"])
    wrong = client.post(asked["Location"], {"code": "000000"})
    answer = client.post(asked["Location"], {"code": code_of(SEED)})

    assert asked["Location"] == f"{reverse('mfa_reauthenticate')}?{urlencode({'next': wanted})}"
    assert "Acme requires two-factor authentication. Enter a code" in page.content.decode()
    assert "Use your password" not in page.content.decode()
    assert wrong.status_code == 200
    assert answer["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_submitted_form_is_kept_during_the_setup(client: Client, strict: Workspace, erik: User) -> None:
    client.force_login(erik)
    TOTP.activate(erik, SEED)
    draft = {"title": "Long work", "script": "Hello", "intent": "draft"}

    asked = client.post(reverse("video_new", args=[strict.slug]), draft)
    assert not strict.videos.exists()
    client.post(asked["Location"], {"code": code_of(SEED)})

    assert strict.videos.get().title == "Long work"


def test_session_with_a_second_factor_is_not_asked_again(client: Client, strict: Workspace, erik: User) -> None:
    TOTP.activate(erik, SEED)
    client.post(reverse("account_login"), {"login": erik.email, "password": "erik-pass-12"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(SEED)})

    assert client.get(reverse("videos", args=[strict.slug])).status_code == 200


def test_removed_factor_no_longer_counts(client: Client, strict: Workspace, erik: User) -> None:
    TOTP.activate(erik, SEED)
    come_in_with_factor(client, erik)
    Authenticator.objects.filter(user=erik).delete()
    gone = client.get(reverse("videos", args=[strict.slug]))
    TOTP.activate(erik, SEED)

    another = client.get(reverse("videos", args=[strict.slug]))

    assert gone["Location"] == reverse("mfa_index")
    assert another["Location"].startswith(reverse("mfa_reauthenticate"))


def test_recovery_codes_alone_are_no_second_factor(client: Client, strict: Workspace, erik: User) -> None:
    """The operator takes an app away from who lost it; the codes stay."""
    RecoveryCodes.activate(erik)
    come_in_with_factor(client, erik)

    assert client.get(reverse("videos", args=[strict.slug]))["Location"] == reverse("mfa_index")


def test_factor_of_another_person_does_not_count(client: Client, strict: Workspace, erik: User, maria: User) -> None:
    TOTP.activate(maria, SEED)
    TOTP.activate(erik, SEED)
    come_in_with_factor(client, maria)
    client.force_login(erik)

    answer = client.get(reverse("videos", args=[strict.slug]))

    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))


@pytest.mark.parametrize("has_one", [False, True])
def test_fragment_sends_its_page_to_the_setup(has_one: bool, client: Client, strict: Workspace, erik: User) -> None:
    client.force_login(erik)
    if has_one:
        TOTP.activate(erik, SEED)

    answer = client.get(reverse("replica_picker", args=[strict.slug]), headers={"hx-request": "true"})

    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_stranger_learns_nothing_from_the_requirement(client: Client, strict: Workspace, zoe: User) -> None:
    client.force_login(zoe)

    assert client.get(reverse("videos", args=[strict.slug])).status_code == 404


def test_other_workspaces_stay_open(client: Client, strict: Workspace, erik: User) -> None:
    other = Workspace.objects.create_with_owner("Open", erik)
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
    assert "Acme requires single sign-on" in page.content.decode()
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize("requirement", [Requirement.TWO_FACTOR, Requirement.SSO])
def test_owner_cannot_require_what_they_lack(
    requirement: Requirement, as_maria: Client, workspace: Workspace, settings: Any
) -> None:
    settings.OIDC_PROVIDERS = [{"provider_id": "corp"}]

    page = ask_for(as_maria, workspace, requirement)

    workspace.refresh_from_db()
    assert page.status_code == 422
    assert "locking yourself out" in page.content.decode()
    assert workspace.requires == ""


def test_owner_proves_the_factor_first_and_the_choice_is_kept(
    as_maria: Client, workspace: Workspace, maria: User
) -> None:
    TOTP.activate(maria, SEED)

    asked = ask_for(as_maria, workspace, Requirement.TWO_FACTOR)
    before = Workspace.objects.get().requires
    as_maria.post(asked["Location"], {"code": code_of(SEED)})

    assert (before, Workspace.objects.get().requires) == ("", Requirement.TWO_FACTOR)


def test_owner_can_set_and_remove_the_requirement(as_maria: Client, workspace: Workspace, maria: User) -> None:
    TOTP.activate(maria, SEED)
    come_in_with_factor(as_maria, maria)

    ask_for(as_maria, workspace, Requirement.TWO_FACTOR)
    workspace.refresh_from_db()
    assert workspace.requires == Requirement.TWO_FACTOR
    ask_for(as_maria, workspace, "")

    workspace.refresh_from_db()
    assert workspace.requires == ""


def test_single_sign_on_is_offered_only_with_a_provider(as_maria: Client, workspace: Workspace, settings: Any) -> None:
    settings.OIDC_PROVIDERS = []

    page = as_maria.get(reverse("workspace_settings", args=[workspace.slug]))

    assert "Two-factor authentication" in page.content.decode()
    assert "Single sign-on" not in page.content.decode()


def test_only_an_owner_with_a_recent_sign_in_decides(
    client: Client, as_maria: Client, workspace: Workspace, erik: User
) -> None:
    let_time_pass(as_maria)
    asked = ask_for(as_maria, workspace, "")
    editor = Client()
    editor.force_login(erik)

    refused = ask_for(editor, workspace, "")

    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert refused.status_code == 403
