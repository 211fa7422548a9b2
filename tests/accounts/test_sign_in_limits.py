"""Guessing is slow, and locks nobody out: not the owner, not from a fresh address, not from a browser that is known."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.webauthn import forms as webauthn_forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tavusweb import guesses
from tavusweb.accounts import devices
from tavusweb.accounts.models import User
from tavusweb.accounts.notices import tell_of_guessing
from tests.accounts.conftest import fresh_limits  # noqa: F401

PASSWORD, SEED = "maria-pass-1", "JBSWY3DPEHPK3PXP"
LOGIN = "/account/login/"


def sign_in(password: str = PASSWORD, address: str = "192.0.2.1", client: Client | None = None, **given: str) -> Any:
    sent = {"login": "maria@example.com", "password": password} | given
    return (client or Client()).post(LOGIN, sent, REMOTE_ADDR=address)


def attack(times: int = 40) -> None:
    """Wrong passwords from so many addresses."""
    for number in range(times):
        sign_in("wrong", f"203.0.113.{number}")


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch, maria: User) -> None:
    monkeypatch.setattr(guesses, "PARTS", 2**60)  # else two of a thousand addresses may fall together


def test_wrong_passwords_at_one_address_keep_no_other_waiting() -> None:
    told = [sign_in("wrong").status_code for _ in range(6)]

    assert told == [200] * 5 + [429]
    assert sign_in().status_code == 429, "the right one comes too late there"
    assert sign_in(address="192.0.2.2").status_code == 302


def test_waiting_time_is_true() -> None:
    with time_machine.travel("2026-11-22 10:59:00Z", tick=False):
        for _ in range(5):
            sign_in("wrong")
    with time_machine.travel("2026-11-22 11:01:30Z", tick=False):
        told = sign_in()
    with time_machine.travel("2026-11-22 11:04:00Z", tick=False):
        then = sign_in()

    assert "Too many failed attempts. Try again in 3 minutes." in told.content.decode()
    assert told["Retry-After"] == "150"
    assert then.status_code == 302


@pytest.mark.thorough
def test_only_owner_signs_in_from_a_fresh_address_while_the_account_is_under_attack() -> None:
    attack()

    assert sign_in(address="198.51.100.1").status_code == 302


@pytest.mark.thorough
def test_address_gets_two_attempts_at_an_account_under_attack() -> None:
    attack()

    assert [sign_in("wrong", "198.51.100.1").status_code for _ in range(3)] == [200, 200, 429]


def test_network_of_ipv6_addresses_is_one_address() -> None:
    told = [sign_in("wrong", f"2001:db8::{number}").status_code for number in range(1, 7)]

    assert told == [200] * 5 + [429]


@pytest.mark.thorough
def test_browser_that_signed_in_before_does_not_wait_where_everybody_else_does() -> None:
    known = Client()
    sign_in(client=known)
    known.post(reverse("account_logout"))
    attack()
    for _ in range(6):
        sign_in("wrong")
    assert sign_in().status_code == 429

    answer = sign_in(client=known)

    assert answer.status_code == 302
    cookie = known.cookies[devices.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/account/", True, "Lax")


def test_known_browser_has_a_limit_too_and_it_is_its_own() -> None:
    known = Client()
    sign_in(client=known)
    known.post(reverse("account_logout"))

    told = [sign_in("wrong", client=known).status_code for _ in range(11)]

    assert told == [200] * 10 + [429]
    assert sign_in().status_code == 302


@pytest.mark.parametrize("value", ["", "x", "1.a", "1.a:forged"])
def test_cookie_that_was_made_up_is_no_known_browser(value: str) -> None:
    stranger = Client()
    stranger.cookies[devices.COOKIE] = value
    for _ in range(5):
        sign_in("wrong", client=stranger)

    assert sign_in(client=stranger).status_code == 429


def test_cookie_of_one_account_is_nothing_at_another(zoe: User) -> None:
    hers = Client()
    sign_in(client=hers, login=zoe.email, password="zoe-pass-123")
    hers.post(reverse("account_logout"))

    told = [sign_in("wrong", client=hers).status_code for _ in range(6)]

    assert told == [200] * 5 + [429]


@pytest.mark.thorough
def test_unknown_address_is_answered_like_a_known_one() -> None:
    def told(email: str, network: str) -> list[str]:
        answers = [sign_in("wrong", f"{network}.{number % 7}", login=email) for number in range(50)]
        return [f"{answer.status_code} {answer.context['form'].errors}" for answer in answers]

    with time_machine.travel("2026-11-22 10:00:00Z", tick=False):
        assert told("maria@example.com", "203.0.113") == told("nobody@example.com", "198.51.100")


def test_right_passwords_do_not_count() -> None:
    assert {sign_in().status_code for _ in range(12)} == {302}


def test_owner_of_the_account_is_notified(maria: User, mailoutbox: list[Any]) -> None:
    tell_of_guessing(maria.pk)

    assert mailoutbox[0].to == [maria.email]
    assert "Many wrong passwords were tried for your account." in mailoutbox[0].body


def test_owner_is_notified_at_most_once_a_day() -> None:
    told = [guesses.missed(guesses.SIGN_IN, "maria@example.com") for _ in range(60)]

    assert told.count(True) == 1
    assert told.index(True) == 19


@pytest.mark.thorough
def test_signed_in_person_can_confirm_the_password_despite_an_attack(client: Client, maria: User) -> None:
    client.force_login(maria)
    attack()
    for _ in range(6):
        sign_in("wrong", "127.0.0.1")

    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert answer.status_code == 302


@pytest.mark.thorough
class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def app(self, maria: User) -> None:
        TOTP.activate(maria, SEED)

    @staticmethod
    def code() -> str:
        return format_hotp_value(hotp_value(SEED, int(time.time()) // 30))

    @staticmethod
    def enter(code: str, address: str, client: Client | None = None) -> Any:
        client = client or Client()
        sign_in(client=client, address=address)
        return client.post(reverse("mfa_authenticate"), {"code": code}, REMOTE_ADDR=address)

    def test_wrong_codes_elsewhere_keep_nobody_waiting(self) -> None:
        told = [self.enter("000000", "192.0.2.9").status_code for _ in range(6)]

        assert told == [200] * 5 + [429]
        assert self.enter(self.code(), "192.0.2.8")["Location"] == "/"

    def test_all_unknown_browsers_together_get_fifty(self) -> None:
        told = [self.enter("000000", f"192.0.2.{number}").status_code for number in range(51)]

        assert told == [200] * 50 + [429]

    def test_known_browser_gets_in_all_the_same(self) -> None:
        known = Client()
        with time_machine.travel("2026-11-22 10:00:00Z", tick=False):
            self.enter(self.code(), "192.0.2.200", known)
        known.post(reverse("account_logout"))
        with time_machine.travel("2026-11-22 10:10:00Z", tick=False):
            for number in range(51):
                self.enter("000000", f"192.0.2.{number}")

            assert self.enter(self.code(), "192.0.2.200", known)["Location"] == "/"

    def test_failed_passkey_attempts_by_strangers_block_nobody(self, maria: User) -> None:
        def fail(address: str) -> bool:
            request = RequestFactory().post("/", REMOTE_ADDR=address)
            request.user = AnonymousUser()
            with context.request_context(request):
                try:
                    webauthn_forms.check_rate_limit(maria)
                except ValidationError:
                    return False
            return True

        assert [fail("192.0.2.1") for _ in range(11)] == [True] * 10 + [False]
        assert fail("192.0.2.2")


def test_visitor_without_a_session_gets_few_passkey_challenges(client: Client) -> None:
    url = reverse("mfa_login_webauthn")
    before = Session.objects.count()

    told = [Client().get(url, headers={"accept": "application/json"}).status_code for _ in range(35)]

    assert told == [200] * 30 + [429] * 5
    assert Session.objects.count() - before == 30
    assert Client().get(url, headers={"accept": "application/json"}, REMOTE_ADDR="192.0.2.4").status_code == 200


def test_anonymous_session_lasts_an_hour_and_a_signed_in_one_as_before(client: Client) -> None:
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    hour = Session.objects.get().expire_date

    sign_in(client=client)

    assert hour - timezone.now() <= timedelta(hours=1)
    assert Session.objects.get().expire_date - timezone.now() > timedelta(days=13)
