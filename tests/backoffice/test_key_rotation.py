"""The key ring in an operator's hands: rotated, interrupted, lost."""

import base64
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit import record as recording
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.models import AuditEvent
from tavusweb.backoffice import key_rotation
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.sealing import ring_id_of, ring_ids
from tavusweb.workspaces.models import Workspace
from tests.conftest import SECRET

OLD, NEW, OTHER = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"o", b"n", b"x"))
SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def sealed_with_old(settings: Any, workspace: Workspace, maria: User) -> list[str]:
    """Three API keys and two second factors under the old ring key; the codes that Maria was shown."""
    settings.FIELD_KEYS = [OLD]
    for number in range(3):
        APIKey.make(workspace, name=f"K{number}", secret=f"{SECRET}-{number}", is_sandbox=False, by=maria).save()
    TOTP.activate(maria, SEED)
    codes: list[str] = RecoveryCodes.activate(maria).get_unused_codes()
    settings.FIELD_KEYS = [NEW, OLD]
    return codes


def rotate(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_field_keys", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def found_by_the_check() -> list[str]:
    return [message.msg for message in run_checks(tags=[Tags.database], databases=["default"])]


def test_rotation_reseals_everything_with_the_newest_key(
    sealed_with_old: list[str], settings: Any, maria: User
) -> None:
    output = rotate()

    settings.FIELD_KEYS = [NEW]
    assert "API keys: 3 resealed, 0 up to date" in output
    assert "Second factors: 2 resealed" in output
    assert f"entry 2 ({ring_ids_of(OLD, settings)}): no longer needed, can be dropped" in output
    assert all(key.connect() for key in APIKey.objects.all())
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() == sealed_with_old


def ring_ids_of(entry: str, settings: Any) -> str:
    before, settings.FIELD_KEYS = settings.FIELD_KEYS, [entry]
    try:
        return ring_ids()[0]
    finally:
        settings.FIELD_KEYS = before


def test_rotation_is_recorded_once_if_needed(sealed_with_old: list[str]) -> None:
    rotate("--check")
    rotate()
    rotate()

    event = AuditEvent.objects.get(action=AuditAction.FIELD_KEYS_ROTATED)
    assert (event.chain.name, event.actor, event.by_whom) == ("instance", "command line", "command line")
    assert event.after == {"rows": 5, "with": ring_ids()[0]}


def test_unrecorded_rotation_reseals_nothing(sealed_with_old: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise RuntimeError("The audit log is unavailable")

    before = list(APIKey.objects.order_by("pk").values_list("sealed", flat=True))
    monkeypatch.setattr(recording, "_append", refuse)

    with pytest.raises(RuntimeError):
        rotate()

    assert list(APIKey.objects.order_by("pk").values_list("sealed", flat=True)) == before


def test_second_rotation_finds_nothing_to_do(sealed_with_old: list[str]) -> None:
    rotate()
    before = list(APIKey.objects.values_list("sealed", flat=True))

    output = rotate()

    assert "API keys: 0 resealed, 3 up to date" in output
    assert list(APIKey.objects.values_list("sealed", flat=True)) == before


def test_interrupted_rotation_can_be_continued(sealed_with_old: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = APIKey.reseal

    def break_off(key: APIKey) -> bool:
        if key.name == "K1":
            raise KeyboardInterrupt
        return first(key)

    monkeypatch.setattr(APIKey, "reseal", break_off)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    monkeypatch.setattr(APIKey, "reseal", first)

    output = rotate()

    assert {ring_id_of(text) for text in APIKey.objects.values_list("sealed", flat=True)} == {ring_ids()[0]}
    assert "0 cannot be opened" in output


def test_secret_replaced_during_rotation_is_kept(sealed_with_old: list[str], maria: User) -> None:
    stale = APIKey.objects.get(name="K0")
    APIKey.objects.get(name="K0").replace_secret("quite-a-new-secret", by=maria)
    current = APIKey.objects.get(name="K0").sealed

    assert not stale.reseal()
    assert APIKey.objects.get(name="K0").sealed == current


def test_check_lists_needed_entries_and_writes_nothing(sealed_with_old: list[str]) -> None:
    before = list(APIKey.objects.values_list("sealed", flat=True))

    output = rotate("--check")

    assert "entry 1" in output
    assert "the newest" in output
    assert "needed by 5" in output
    assert list(APIKey.objects.values_list("sealed", flat=True)) == before


def test_missing_entry_fails_the_check_and_is_named_at_startup(sealed_with_old: list[str], settings: Any) -> None:
    assert found_by_the_check() == []
    settings.FIELD_KEYS = [NEW]

    with pytest.raises(CommandError, match="FIELD_KEYS cannot open everything"):
        rotate("--check")

    [message] = found_by_the_check()
    assert "the API key K0 (…90-0) of Acme" in message
    assert "the second factor (TOTP Authenticator) of maria@example.com" in message
    assert SECRET not in message


def test_lost_ring_names_what_cannot_be_decrypted(
    sealed_with_old: list[str], settings: Any, workspace: Workspace, maria: User, as_maria: Client
) -> None:
    settings.FIELD_KEYS = [OTHER]
    APIKey.make(workspace, name="Fresh", secret=SECRET, is_sandbox=False, by=maria).save()
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("rotate_field_keys", stdout=out, stderr=out)
    APIKey.objects.get(name="K1").record_trouble(Health.UNREADABLE, "")
    page = as_maria.get(reverse("keys", args=[workspace.slug]))

    assert out.getvalue().count("cannot be opened: ") == 5
    assert "API keys: 0 resealed, 1 up to date, 0 changed during the run, 3 cannot be opened." in out.getvalue()
    assert 'data-health="unreadable"' in page.content.decode()
    assert APIKey.objects.get(name="Fresh").connect()


def test_check_costs_one_query_per_place(sealed_with_old: list[str], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(len(key_rotation.PLACES)):
        key_rotation.needs()
