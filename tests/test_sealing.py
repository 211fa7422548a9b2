"""Secrets at rest: what opens, what does not, and how loudly."""

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


def test_a_sealed_text_names_its_version_and_its_ring_key_and_opens_in_its_row() -> None:
    sealed = seal(SECRET, row=ROW)

    assert re.fullmatch(r"v1\.[0-9a-f]{8}\.[A-Za-z0-9_-]+=*", sealed)
    assert SECRET not in sealed
    assert unseal(sealed, row=ROW) == SECRET


def test_the_same_secret_is_never_sealed_to_the_same_text_twice() -> None:
    assert seal(SECRET, row=ROW) != seal(SECRET, row=ROW)


def test_a_text_that_is_moved_to_another_row_does_not_open() -> None:
    sealed = seal(SECRET, row=ROW)

    with pytest.raises(CannotOpen, match="altered or belongs to another row"):
        unseal(sealed, row="keys.apikey:2")


def test_after_a_rotation_old_texts_still_open_and_new_ones_use_the_new_key(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    before = seal(SECRET, row=ROW)

    settings.FIELD_KEYS = [NEW, OLD]
    after = seal(SECRET, row=ROW)

    assert unseal(before, row=ROW) == unseal(after, row=ROW) == SECRET
    settings.FIELD_KEYS = [NEW]
    assert unseal(after, row=ROW) == SECRET


def test_a_ring_without_the_right_key_says_which_one_is_missing(settings: Any) -> None:
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
def test_a_damaged_text_does_not_open_and_its_error_holds_nothing_of_it(damage: Any) -> None:
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
def test_a_ring_that_cannot_be_used_is_told_clearly_and_without_its_keys(
    ring: list[str], complaint: str, settings: Any
) -> None:
    settings.FIELD_KEYS = ring

    with pytest.raises(ImproperlyConfigured, match=complaint) as caught:
        seal(SECRET, row=ROW)

    assert not any(entry and entry in str(caught.value) for entry in ring)


def test_a_ring_that_cannot_be_used_is_found_by_the_checks_at_the_start(settings: Any) -> None:
    settings.FIELD_KEYS = ["short"]

    errors = [error for error in run_checks() if error.id == "tavusweb.E001"]

    assert "FIELD_KEYS: entry 1" in errors[0].msg
