"""A lease has one holder: until it gives it back, until it expires, or until it is seen to have died."""

import os
import secrets
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from tavusweb.engine.models import Lease, _place

LASTS = timedelta(seconds=15)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended() -> int:
    """The id of a process that was here and is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def held_by(holder: str) -> None:
    now = timezone.now()
    Lease.objects.create(name="sweep", holder=holder, renewed_at=now, expires_at=now + LASTS)


def test_only_one_takes_it() -> None:
    first = Lease.take("sweep", lasts=LASTS)

    assert first
    assert Lease.take("sweep", lasts=LASTS) is None


def test_it_is_free_when_it_was_given_back_or_has_expired() -> None:
    first = Lease.take("sweep", lasts=LASTS)
    assert first
    Lease.release("sweep", first)
    second = Lease.take("sweep", lasts=timedelta(seconds=-1))
    third = Lease.take("sweep", lasts=LASTS)

    assert second
    assert third
    assert not Lease.renew("sweep", second, lasts=LASTS)
    assert Lease.renew("sweep", third, lasts=LASTS)


@pytest.mark.skipif(not _place(), reason="needs /proc")
def test_nobody_waits_for_a_holder_that_has_died(ended: int) -> None:
    held_by(f"{_place()}.{ended}.{secrets.token_hex(6)}")

    assert Lease.take("sweep", lasts=LASTS)


@pytest.mark.parametrize("place", ["0123456789", ""])
def test_a_process_of_another_machine_is_not_judged_by_its_number(place: str, ended: int) -> None:
    held_by(f"{place}.{ended}.{secrets.token_hex(6)}")

    assert Lease.take("sweep", lasts=LASTS) is None


@pytest.mark.parametrize(
    "holder",
    [f"{_place()}.{os.getpid()}.abc", f"{_place()}..abc", "0a1b2c", ""],
    ids=["alive", "without a number", "of an older version", "nobody"],
)
def test_who_lives_or_cannot_be_judged_keeps_it(holder: str) -> None:
    held_by(holder)

    assert Lease.take("sweep", lasts=LASTS) is None
