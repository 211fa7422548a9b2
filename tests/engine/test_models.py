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


def test_lease_has_one_holder() -> None:
    first = Lease.take("sweep", lasts=LASTS)

    assert first
    assert Lease.take("sweep", lasts=LASTS) is None


def test_released_or_expired_lease_is_free() -> None:
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
def test_lease_of_a_dead_holder_is_free(ended: int) -> None:
    held_by(f"{_place()}.{ended}.{secrets.token_hex(6)}")

    assert Lease.take("sweep", lasts=LASTS)


@pytest.mark.parametrize("place", ["0123456789", ""])
def test_pid_of_another_machine_does_not_count(place: str, ended: int) -> None:
    held_by(f"{place}.{ended}.{secrets.token_hex(6)}")

    assert Lease.take("sweep", lasts=LASTS) is None


@pytest.mark.parametrize(
    "holder",
    [f"{_place()}.{os.getpid()}.abc", f"{_place()}..abc", "0a1b2c", ""],
    ids=["alive", "without a number", "of an older version", "nobody"],
)
def test_living_or_unknown_holder_keeps_the_lease(holder: str) -> None:
    held_by(holder)

    assert Lease.take("sweep", lasts=LASTS) is None
