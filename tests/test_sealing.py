"""Sealed secrets: which open, which do not, and with what error."""

import base64
import re
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from tavusweb.sealing import CannotOpen, seal, unseal

SECRET = "tavus-key-1234567890"
ROW = "keys.apikey:1"
OLD, NEW = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"o", b"n"))


def test_sealed_text_names_its_version_and_ring_key_and_opens_in_its_row() -> None:
    sealed = seal(SECRET, row=ROW)

    assert re.fullmatch(r"v1\.[0-9a-f]{8}\.[A-Za-z0-9_-]+=*", sealed)
    assert SECRET not in sealed
    assert unseal(sealed, row=ROW) == SECRET


def test_same_secret_never_seals_to_the_same_text() -> None:
    assert seal(SECRET, row=ROW) != seal(SECRET, row=ROW)


def test_sealed_text_moved_to_another_row_does_not_open() -> None:
    sealed = seal(SECRET, row=ROW)

    with pytest.raises(CannotOpen, match="altered or belongs to another row"):
        unseal(sealed, row="keys.apikey:2")


def test_rotated_ring_opens_old_texts_and_seals_with_the_new_key(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    before = seal(SECRET, row=ROW)

    settings.FIELD_KEYS = [NEW, OLD]
    after = seal(SECRET, row=ROW)

    assert unseal(before, row=ROW) == unseal(after, row=ROW) == SECRET
    settings.FIELD_KEYS = [NEW]
    assert unseal(after, row=ROW) == SECRET


def test_ring_without_the_right_key_names_the_missing_one(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    sealed = seal(SECRET, row=ROW)
    settings.FIELD_KEYS = [NEW]

    with pytest.raises(CannotOpen, match=sealed.split(".")[1]):
        unseal(sealed, row=ROW)


@pytest.mark.parametrize(
    "damage",
    [
        lambda sealed: "",
        lambda sealed: SECRET,
        lambda sealed: sealed.replace("v1", "v2"),
        lambda sealed: sealed[:-8],
        lambda sealed: sealed[:-6] + "AAAA==",
        lambda sealed: sealed[:16],
        lambda sealed: sealed[:12],
        lambda sealed: sealed + "é",
        lambda sealed: sealed[:12] + "!!!",
    ],
)
def test_damaged_text_does_not_open_and_does_not_leak_into_the_error(damage: Any) -> None:
    damaged = damage(seal(SECRET, row=ROW))

    with pytest.raises(CannotOpen) as caught:
        unseal(damaged, row=ROW)

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("ring", "complaint"),
    [
        ([], "FIELD_KEYS is empty"),
        ([NEW, "short"], "entry 2"),
        ([""], "entry 1"),
        (["not base64 at all!"], "entry 1"),
        (["é" * 43 + "="], "entry 1"),
        ([base64.urlsafe_b64encode(b"x" * 16).decode()], "entry 1"),
    ],
)
def test_unusable_ring_is_reported_without_showing_its_keys(ring: list[str], complaint: str, settings: Any) -> None:
    settings.FIELD_KEYS = ring

    with pytest.raises(ImproperlyConfigured, match=complaint) as caught:
        seal(SECRET, row=ROW)

    assert not any(entry and entry in str(caught.value) for entry in ring)


def test_unusable_ring_fails_the_startup_checks(settings: Any) -> None:
    settings.FIELD_KEYS = ["short"]

    errors = [error for error in run_checks() if error.id == "tavusweb.E001"]

    assert "FIELD_KEYS: entry 1" in errors[0].msg
