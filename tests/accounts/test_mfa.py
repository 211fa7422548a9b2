"""Two-factor authentication: set up, asked for, lost, and never in clear in the database."""

import hashlib
import json
import time
from typing import Any

import pytest
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client, RequestFactory
from django.urls import reverse
from fido2 import cbor
from fido2.utils import websafe_encode

from tavusweb.accounts.mfa import mfa_state, note_set_up
from tavusweb.accounts.models import User
from tests.accounts.conftest import come_in_with_factor, let_time_pass
from tests.scenarios.test_sign_in import PASSWORD, is_in, messages_of, sign_in

SEED = "JBSWY3DPEHPK3PXP"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD))


@pytest.fixture
def guarded_maria(maria: User) -> User:
    """With an app, and recovery codes."""
    TOTP.activate(maria, SEED)
    RecoveryCodes.activate(maria)
    return maria


@pytest.mark.django_db(transaction=True)
def test_app_is_set_up_with_recovery_codes(as_maria: Client, maria: User) -> None:
    page = as_maria.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    done = as_maria.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)

    assert set(Authenticator.objects.filter(user=maria).values_list("type", flat=True)) == {"totp", "recovery_codes"}
    codes = done.context["unused_codes"]
    assert len(codes) == 10
    assert all(code in done.content.decode() for code in codes)


@pytest.mark.django_db(transaction=True)
def test_activation_code_is_used_up(client: Client, as_maria: Client, maria: User) -> None:
    page = as_maria.get(reverse("mfa_activate_totp"))
    code = code_of(page.context["form"].secret)
    as_maria.post(reverse("mfa_activate_totp"), {"code": code})
    assert Authenticator.objects.filter(type="totp").exists()

    again = Client()
    sign_in(again, maria.email, PASSWORD)
    again.post(reverse("mfa_authenticate"), {"code": code})

    assert not is_in(again)


def test_secrets_are_sealed(guarded_maria: User) -> None:
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert SEED not in stored
    assert stored.count("v1.") == 2


def test_password_alone_does_not_sign_in(client: Client, guarded_maria: User) -> None:
    answer = sign_in(client, guarded_maria.email, PASSWORD)

    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert client.get(reverse("admin:index")).status_code == 302


def test_code_signs_in_once(client: Client, guarded_maria: User) -> None:
    code = code_of(SEED)
    sign_in(client, guarded_maria.email, PASSWORD, next="/workspaces/")

    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert answer["Location"] == "/workspaces/"
    assert is_in(client)

    again = Client()
    sign_in(again, guarded_maria.email, PASSWORD)
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_in(again)


def test_used_code_stays_used_while_valid(guarded_maria: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is accepted in its own step of 30 seconds, in the one before and in the one after."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    step = int(time.time()) // 30
    code = format_hotp_value(hotp_value(SEED, step + 1))

    came_in = []
    for seconds in (0, 32, 62, 89):
        monkeypatch.setattr(time, "time", lambda now=step * 30 + seconds: now)
        client = Client()
        sign_in(client, guarded_maria.email, PASSWORD)
        client.post(reverse("mfa_authenticate"), {"code": code})
        came_in.append(is_in(client))

    assert came_in == [True, False, False, False]


def test_code_can_be_typed_with_spaces(client: Client, guarded_maria: User) -> None:
    code = code_of(SEED)
    sign_in(client, guarded_maria.email, PASSWORD)

    client.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})

    assert is_in(client)


RP = hashlib.sha256(b"testserver").digest()
ATTESTED = cbor.encode({"fmt": "none", "attStmt": {}, "authData": RP + bytes([0x05]) + bytes(4)})
TORN = cbor.encode({"fmt": "none", "attStmt": {}, "authData": RP + bytes([0x45]) + bytes(9)})


def credential(challenge: str = "AAAA", attested: bytes = ATTESTED, **changed: Any) -> dict[str, Any]:
    client = {"type": "webauthn.create", "challenge": challenge, "origin": "http://testserver"}
    response = {
        "clientDataJSON": websafe_encode(json.dumps(client).encode()),
        "attestationObject": websafe_encode(attested),
    }
    return {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": response} | changed


MADE_UP = {
    "nothing": "",
    "no JSON": "{",
    "a number": "7",
    "null": "null",
    "an empty object": "{}",
    "a list": "[]",
    "nested without end": "[" * 100_000,
    "a number without end": "9" * 5000,
    "another challenge": json.dumps(credential()),
    "an id that is another": json.dumps(credential(id="BBBB")),
    "no response": json.dumps(credential(response=7)),
    "a response of nothing": json.dumps(credential(response={})),
    "letters that are none": json.dumps(credential(id="\ud800", rawId="\ud800")),
    "nothing attested": json.dumps(credential(attested=b"")),
    "a list attested": json.dumps(credential(attested=cbor.encode([1]))),
    "torn data": json.dumps(credential(attested=TORN)),
    "data cut short": json.dumps(credential(attested=ATTESTED[:-3])),
    "arrays within arrays": json.dumps(credential(attested=b"\x81" * 50_000)),
}


@pytest.mark.one_database
@pytest.mark.parametrize("given", MADE_UP.values(), ids=MADE_UP.keys())
def test_made_up_passkey_shows_an_error(given: str, as_maria: Client) -> None:
    url = reverse("mfa_add_webauthn")
    as_maria.get(url)

    page = as_maria.post(url, {"name": "My laptop", "credential": given}).content.decode()

    assert "This passkey could not be added." in page
    assert 'value="My laptop"' in page
    assert not Authenticator.objects.exists()


def test_passkey_without_a_key_is_refused(as_maria: Client) -> None:
    url = reverse("mfa_add_webauthn")
    as_maria.get(url)
    challenge = as_maria.session["mfa.webauthn.state"]["challenge"]

    page = as_maria.post(url, {"credential": json.dumps(credential(challenge))}).content.decode()

    assert "This passkey could not be added." in page
    assert not Authenticator.objects.exists()


@pytest.mark.one_database
@pytest.mark.parametrize("given", MADE_UP.values(), ids=MADE_UP.keys())
def test_made_up_passkey_does_not_sign_in(given: str, client: Client, guarded_maria: User) -> None:
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    alone = client.post(reverse("mfa_login_webauthn"), {"credential": given})
    sign_in(client, guarded_maria.email, PASSWORD)
    second = client.post(reverse("mfa_authenticate"), {"credential": given})

    assert (alone.status_code, second.status_code) in {(302, 200), (302, 422)}
    assert not is_in(client)


def test_passkey_is_offered_to_people_who_have_one(client: Client, guarded_maria: User) -> None:
    sign_in(client, guarded_maria.email, PASSWORD)

    assert "Use a passkey" not in client.get(reverse("mfa_authenticate")).content.decode()


def test_recovery_code_file_names_the_account(client: Client, guarded_maria: User) -> None:
    come_in_with_factor(client, guarded_maria)

    file = client.get(reverse("mfa_download_recovery_codes")).content.decode()

    assert file.startswith("Recovery codes of maria@example.com for tavusweb at testserver\n")
    assert all(
        code in file
        for code in RecoveryCodes(guarded_maria.authenticator_set.get(type="recovery_codes")).get_unused_codes()
    )


def test_recovery_code_works_once(client: Client, guarded_maria: User) -> None:
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(client, guarded_maria.email, PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(client)

    again = Client()
    sign_in(again, guarded_maria.email, PASSWORD)
    page = again.post(reverse("mfa_authenticate"), {"code": code})

    assert not is_in(again)
    assert "Invalid or used code" in messages_of(page)


def test_code_attempts_are_limited_across_addresses(client: Client, guarded_maria: User) -> None:
    for number in range(5):
        guesser = Client()
        sign_in(guesser, guarded_maria.email, PASSWORD)
        guesser.post(reverse("mfa_authenticate"), {"code": f"00000{number}"})

    sign_in(client, guarded_maria.email, PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": code_of(SEED)})

    assert not is_in(client)


def test_admin_requires_both_steps(client: Client, guarded_maria: User) -> None:
    User.objects.update(is_staff=True, is_superuser=True)

    led = client.post(reverse("admin:login"), {"username": guarded_maria.email, "password": PASSWORD})
    assert led["Location"].startswith(reverse("account_login"))
    sign_in(client, guarded_maria.email, PASSWORD, next=reverse("admin:index"))
    assert client.get(reverse("admin:index")).status_code == 302

    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(SEED)})

    assert answer["Location"] == reverse("admin:index")
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("page", ["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_add_webauthn"])
def test_old_session_reauthenticates_first(page: str, client: Client, guarded_maria: User) -> None:
    come_in_with_factor(client, guarded_maria)
    let_time_pass(client)

    answer = client.get(reverse(page))

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.count() == 2


def test_code_reauthenticates(client: Client, guarded_maria: User) -> None:
    client.force_login(guarded_maria)
    let_time_pass(client)
    where = f"{reverse('mfa_reauthenticate')}?next={reverse('mfa_view_recovery_codes')}"

    answer = client.post(where, {"code": code_of(SEED)})

    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(answer["Location"]).status_code == 200


def test_app_can_be_turned_off(client: Client, guarded_maria: User) -> None:
    come_in_with_factor(client, guarded_maria)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("page", ["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_add_webauthn"])
def test_session_owing_the_second_factor_must_prove_it(page: str, client: Client, guarded_maria: User) -> None:
    """It began before there was one, perhaps in the hands of whoever it is meant to keep out."""
    client.force_login(guarded_maria)

    asked = client.get(reverse(page))
    by_password = client.post(f"{reverse('account_reauthenticate')}?next={reverse(page)}", {"password": PASSWORD})
    still = client.get(reverse(page))
    client.post(asked["Location"], {"code": code_of(SEED)})

    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    assert by_password["Location"].startswith(reverse("mfa_reauthenticate"))
    assert still["Location"].startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse(page)).status_code == 200
    assert Authenticator.objects.count() == 2


def test_lost_key_ring_is_explained_at_sign_in(client: Client, guarded_maria: User, settings: Any) -> None:
    settings.FIELD_KEYS = ["bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="]
    sign_in(client, guarded_maria.email, PASSWORD)

    page = client.post(reverse("mfa_authenticate"), {"code": "123456"})

    assert "can no longer be read on this server" in messages_of(page)
    client.force_login(guarded_maria)
    assert client.get(reverse("mfa_index")).status_code == 200


def test_adding_a_factor_does_not_prove_the_first(client: Client, guarded_maria: User) -> None:
    client.force_login(guarded_maria)
    request = RequestFactory().get("/")
    request.user, request.session = guarded_maria, client.session
    further = Authenticator.objects.create(user=guarded_maria, type=Authenticator.Type.WEBAUTHN, data={})

    note_set_up(request, guarded_maria, further)

    assert mfa_state(request).owes_it
