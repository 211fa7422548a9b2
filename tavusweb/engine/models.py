import hashlib
import os
import secrets
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Lease(models.Model):
    """The right of one process to do something for a limited time. Its renewals are the worker's heartbeat."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=32)
    renewed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.expires_at:%H:%M:%S}"

    @classmethod
    def take(cls, name: str, *, lasts: timedelta) -> "str | None":
        """Take the lease and return the holder's name; None while another holder's has not expired.

        A holder that has died on this machine holds nothing, so that after a crash watched videos are not stale for the
        15 s that its lease still lasts. A wrong verdict does no harm: two sweeps do nothing twice.
        """
        now, holder = timezone.now(), f"{_place()}.{os.getpid()}.{secrets.token_hex(6)}"
        lease, is_new = cls.objects.get_or_create(
            name=name, defaults={"holder": holder, "renewed_at": now, "expires_at": now + lasts}
        )
        if is_new:
            return holder
        is_free = Q(expires_at__lte=now)
        if _has_died(lease.holder):
            is_free |= Q(holder=lease.holder)
        free = cls.objects.filter(is_free, name=name)
        return holder if free.update(holder=holder, renewed_at=now, expires_at=now + lasts) else None

    @classmethod
    def renew(cls, name: str, holder: str, *, lasts: timedelta) -> bool:
        """Extend the lease; False when another holder has it."""
        now = timezone.now()
        return bool(cls.objects.filter(name=name, holder=holder).update(renewed_at=now, expires_at=now + lasts))

    @classmethod
    def release(cls, name: str, holder: str) -> None:
        cls.objects.filter(name=name, holder=holder).update(expires_at=timezone.now())

    @classmethod
    def last_renewal(cls, name: str) -> datetime | None:
        return cls.objects.filter(name=name).values_list("renewed_at", flat=True).first()


@cache
def _place() -> str:
    """The scope of process ids: this machine since boot, or this container. "" if unknown."""
    try:
        seen = Path("/proc/sys/kernel/random/boot_id").read_text() + str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""
    return hashlib.sha256(seen.encode()).hexdigest()[:10]


def _has_died(holder: str) -> bool:
    place, _, rest = holder.partition(".")
    pid = rest.partition(".")[0]
    if not place or place != _place() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False
