"""Whose address it is: an invitation's copied link proves nothing where a mail can."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role
from tests.accounts.conftest import code_in, fresh_limits  # noqa: F401
from tests.scenarios.test_enumeration import CountingHasher, work  # noqa: F401

JOINING = {"name": "Nora", "password": "nora-pass-123"}
CHANGES = re.compile(r"[\w-]{40,}(\.[\w-]+)?")  # tokens, in addresses and in the form
ENTER_CODE = reverse("account_email_verification_sent")


@pytest.fixture
def invite(maria: User, workspace: Workspace, settings: Any, mailoutbox: list[EmailMessage]) -> Callable[[str], str]:
    """`invite("copied" or "mailed")`: the address of the link that Maria's page, or the mail to Nora, has."""
    settings.EMAIL_CONFIG = "smtp://mail.example.com"
    as_maria = Client()
    as_maria.force_login(maria)

    def invite(how: str, email: str = "nora@example.com") -> str:
        page = as_maria.post("/w/acme/members/invite/", {"email": email, "role": "editor"}, follow=True)
        copied = str(page.context["link"].url)
        mailed = re.search(r"https?://\S+/invitations/\S+", str(mailoutbox.pop().body))
        assert mailed
        assert mailed[0] != copied
        link = {"copied": copied, "mailed": mailed[0]}[how]
        return link.removeprefix("http://127.0.0.1:8000")

    return invite


def is_in(client: Client) -> bool:
    return client.get("/workspaces/").status_code == 200


def test_mailed_link_joins_with_one_form_and_verifies_the_address(
    invite: Any, client: Client, workspace: Workspace
) -> None:
    joined = client.post(invite("mailed"), JOINING)

    assert joined["Location"] == workspace.get_absolute_url()
    assert client.get(workspace.get_absolute_url()).status_code == 200
    assert EmailAddress.objects.get(email="nora@example.com").verified


def test_copied_link_requires_the_emailed_code(
    invite: Any, client: Client, workspace: Workspace, mailoutbox: list[EmailMessage]
) -> None:
    link = invite("copied")
    made = client.post(link, JOINING)
    assert made["Location"] == ENTER_CODE
    assert not is_in(client)
    assert not workspace.memberships.filter(user__email="nora@example.com").exists()

    entered = client.post(ENTER_CODE, {"code": code_in(mailoutbox[0])})
    joined = client.post(link)

    assert mailoutbox[0].to == ["nora@example.com"]
    assert entered["Location"] == link
    assert joined["Location"] == workspace.get_absolute_url()
    assert workspace.memberships.get(user__email="nora@example.com").role == Role.EDITOR


@pytest.mark.parametrize("proof", ["", ".", ".0000000000000000000000000000000000000000", ".é", "..x"])
def test_forged_proof_is_ignored(proof: str, invite: Any, client: Client) -> None:
    client.post(f"{invite('copied').rstrip('/')}{proof}/", JOINING)

    assert not is_in(client)


def test_proof_of_one_invitation_does_not_count_for_another(invite: Any, client: Client) -> None:
    ours, theirs = invite("mailed", "mallory@example.com"), invite("copied")

    client.post(f"{theirs.rstrip('/')}.{ours.rpartition('.')[2]}", JOINING)

    assert not is_in(client)


def test_copied_link_does_not_reveal_accounts(
    invite: Any,
    zoe: User,
    mailoutbox: list[EmailMessage],
    work: type[CountingHasher],  # noqa: F811
) -> None:
    shown, answers = [], []
    for email in (zoe.email, "nobody@example.com"):
        link = invite("copied", email)
        shown.append(CHANGES.sub("", Client().get(link).content.decode().replace(email, "")))
        work.hashed = 0
        answer = Client().post(link, JOINING)
        answers.append((answer.status_code, answer["Location"], work.hashed, mailoutbox.pop().to == [email]))

    assert shown[0] == shown[1]
    assert answers[0] == answers[1] == (302, ENTER_CODE, 1, True)
    assert zoe.check_password("zoe-pass-123")


def test_mailed_link_sends_account_holders_to_sign_in(invite: Any, client: Client, zoe: User) -> None:
    page = client.get(invite("mailed", zoe.email)).content.decode()

    assert "zoe@example.com already has an account." in page
    assert "Your name" not in page


def test_unverified_account_gets_instructions(invite: Any, client: Client, zoe: User, workspace: Workspace) -> None:
    copied = invite("copied", zoe.email)
    client.force_login(zoe)

    page, refused = client.get(copied).content.decode(), client.post(copied)

    assert "which is not verified yet" in page
    assert refused.status_code == 403
    assert not workspace.memberships.filter(user=zoe).exists()


def test_unverified_account_joins_by_the_mailed_link(
    invite: Any, client: Client, zoe: User, workspace: Workspace
) -> None:
    client.force_login(zoe)

    client.post(invite("mailed", zoe.email))

    assert workspace.memberships.filter(user=zoe).exists()
