"""Nobody learns who has an account from how much is done before the answer. `test_sign_in` has what the pages say."""

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Workspace

STRANGER = "nobody@example.com"


class CountingHasher(MD5PasswordHasher):
    """Counts the passwords that are hashed: nearly all of what a sign-in costs."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt)


@pytest.fixture
def work(settings: Any) -> type[CountingHasher]:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.hashed = 0
    return CountingHasher


def test_wrong_password_and_unknown_email_take_the_same_queries(
    client: Client, maria: User, work: type[CountingHasher]
) -> None:
    maria.set_password("maria-pass-1")
    maria.save()
    costs = []
    for email in (maria.email, STRANGER):
        work.hashed = 0
        client.post("/account/login/", {"login": email, "password": "not-the-password"})
        costs.append(work.hashed)

    assert costs[0] == costs[1] > 0


def test_password_reset_responds_identically_for_an_unknown_email(client: Client, maria: User) -> None:
    answers = []
    for email in (maria.email, STRANGER):
        mail.outbox.clear()
        answer = client.post("/account/password/reset/", {"email": email})
        answers.append((answer.status_code, answer.headers.get("Location"), len(mail.outbox)))

    assert answers[0] == answers[1]
    assert answers[0][2] == 1


def test_making_an_account_says_and_does_the_same_for_an_address_that_has_one(
    maria: User, workspace: Workspace, work: type[CountingHasher], settings: Any
) -> None:
    settings.EMAIL_CONFIG = "smtp://mail.example.com"
    workspace.join_domains.create(domain="example.com")
    answers = []
    for email in (maria.email, STRANGER):
        mail.outbox.clear()
        work.hashed = 0
        answer = Client().post("/account/signup/", {"name": "N", "email": email, "password1": "a-good-pass-1"})
        answers.append((answer.status_code, answer.headers.get("Location"), len(mail.outbox), work.hashed))

    assert answers[0] == answers[1]
    assert answers[0][0] == 302
    assert answers[0][2:] == (1, 1)
