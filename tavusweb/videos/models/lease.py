import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone


class Lease(models.Model):
    """The right to do one thing, held by one process for a while. Its renewals are the worker's heartbeat."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=32)
    renewed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.expires_at:%H:%M:%S}"

    @classmethod
    def take(cls, name: str, *, lasts: timedelta) -> "str | None":
        """The new holder's name, or None while another holder's lease has not expired."""
        now, holder = timezone.now(), secrets.token_hex(8)
        _, is_new = cls.objects.get_or_create(
            name=name, defaults={"holder": holder, "renewed_at": now, "expires_at": now + lasts}
        )
        if is_new:
            return holder
        free = cls.objects.filter(name=name, expires_at__lte=now)
        return holder if free.update(holder=holder, renewed_at=now, expires_at=now + lasts) else None

    @classmethod
    def renew(cls, name: str, holder: str, *, lasts: timedelta) -> bool:
        """Hold on for longer; False when the lease has gone to somebody else."""
        now = timezone.now()
        return bool(cls.objects.filter(name=name, holder=holder).update(renewed_at=now, expires_at=now + lasts))

    @classmethod
    def release(cls, name: str, holder: str) -> None:
        cls.objects.filter(name=name, holder=holder).update(expires_at=timezone.now())

    @classmethod
    def last_renewal(cls, name: str) -> datetime | None:
        return cls.objects.filter(name=name).values_list("renewed_at", flat=True).first()
