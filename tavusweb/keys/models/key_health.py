from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.text_policy import cut

from ..health_states import ADVICE, Health
from ..key_backoff import REST_POLICIES

REFRESH_EVERY = timedelta(hours=1)  # between two refreshes of a key's replicas
REFRESH_LEASE = timedelta(minutes=2)  # another process may take over a refresh that takes longer
SLOTS_REST = timedelta(seconds=15)  # between two attempts while others use the account's slots
SLOTS_DOUBTED_AFTER = timedelta(seconds=30)  # then one more is tried; repeated while Tavus accepts it
NOTED_EVERY = timedelta(minutes=1)  # a success is written at most this often


class KeyHealth(models.Model):
    """A key's health at Tavus: its last trouble, how long it rests, and how much it may do at once."""

    health = models.CharField(max_length=20, choices=Health.choices, default=Health.UNCHECKED)
    health_detail = models.CharField(_("message from Tavus"), max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    worked_at = models.DateTimeField(_("last success"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    failed_as = models.CharField(_("kind of the last failure"), max_length=20, choices=Health.choices, blank=True)
    failed_detail = models.CharField(_("message from Tavus at the last failure"), max_length=500, blank=True)
    polls_wait_until = models.DateTimeField(null=True, blank=True)
    submissions_wait_until = models.DateTimeField(null=True, blank=True)

    max_slots = models.PositiveIntegerField(
        _("videos at once"),
        null=True,
        blank=True,
        help_text=_("How many videos this key may have in production at Tavus."),
    )
    learned_slots = models.PositiveIntegerField(
        _("videos at once, learned from Tavus"), null=True, blank=True, editable=False
    )
    learned_at = models.DateTimeField(null=True, blank=True, editable=False)
    requests_at_once = models.PositiveSmallIntegerField(default=8)

    replicas_refresh_at = models.DateTimeField(_("next refresh of the replicas"), default=timezone.now, db_index=True)
    replicas_read_at = models.DateTimeField(null=True, blank=True)
    replicas_whole_at = models.DateTimeField(
        _("replicas last read completely at"), null=True, blank=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def _stored(self) -> "models.QuerySet[KeyHealth]":
        return type(self)._default_manager.filter(pk=self.pk)

    def _write(self, **changes: Any) -> None:
        """Change these columns alone: others write the rest of the row all the time."""
        self._stored.update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)

    @property
    def advice(self) -> str:
        return str(ADVICE[self.health])

    @property
    def has_trouble(self) -> bool:
        return self.health in REST_POLICIES

    @property
    def is_silenced(self) -> bool:
        """Whether its trouble stops polls too. Missing credits stop only submissions."""
        return self.has_trouble and REST_POLICIES[self.health].stops_polling

    def record_success(self, *, asked_at: datetime, bought: bool = False) -> None:
        """Record that Tavus answered a request sent at `asked_at`, and end the key's rest.

        Trouble recorded since stays. Only a purchase (`bought`) proves that the account has credits again.
        """
        now = timezone.now()
        if self.health == Health.WORKS and self.checked_at and now - self.checked_at < NOTED_EVERY:
            return
        answered = self._stored.filter(Q(checked_at=None) | Q(checked_at__lt=asked_at))
        if not bought:
            answered = answered.exclude(health=Health.OUT_OF_CREDITS)
        ended = {"health": Health.WORKS, "health_detail": "", "failures": 0, "worked_at": now}
        waits = {"polls_wait_until": None, "submissions_wait_until": None}
        if answered.exclude(health=Health.WORKS).update(**ended, **waits, checked_at=now):
            self.health, self.failures = Health.WORKS, 0
            self.polls_wait_until = self.submissions_wait_until = None
        else:
            answered.update(checked_at=now, worked_at=now)
        self.checked_at = now

    def record_trouble(self, health: Health, detail: str, *, wait: float | None = None) -> datetime:
        """Record trouble and let the key rest; return the end of the rest. `wait` is `Retry-After` in seconds."""
        now = timezone.now()
        rest = REST_POLICIES[health]
        is_resting = self.submissions_wait_until is not None and self.submissions_wait_until > now
        repeated = self.health == health
        # Requests that were under way together fail together: that is one failure.
        failures = self.failures if repeated and is_resting else self.failures + 1 if repeated else 1
        until = now + max(rest.after(failures), timedelta(seconds=wait or 0))
        changes: dict[str, Any] = {
            "health": health,
            "health_detail": cut(detail, 500),
            "checked_at": now,
            "failures": failures,
            "failed_at": now,
            "failed_as": health,
            "failed_detail": cut(detail, 500),
            "submissions_wait_until": until,
            "replicas_refresh_at": until,
        }
        if rest.stops_polling:
            changes["polls_wait_until"] = until
        self._write(**changes)
        return until

    def learn_slots(self, in_production: int) -> None:
        """Record that Tavus refused one more video while `in_production` were there: its limit, for now."""
        now = timezone.now()
        # Submissions that were under way together are counted one after the other: the largest count is right.
        is_fresh = self.learned_at is not None and now - self.learned_at < SLOTS_REST
        learned = max(in_production, 1, (self.learned_slots or 0) if is_fresh else 0)
        changes = {"learned_slots": learned, "learned_at": now}
        if not in_production:  # somebody else uses the account: try again soon
            changes["submissions_wait_until"] = now + SLOTS_REST
        self._write(**changes)

    def outgrow_slots(self, in_production: int) -> None:
        """Raise the learned limit after Tavus accepted more than that."""
        if self.learned_slots is not None and in_production > self.learned_slots:
            self._write(learned_slots=in_production)

    def slots_at(self, at: datetime) -> int | None:
        """How many videos may be in production now; None when no limit is known.

        After SLOTS_DOUBTED_AFTER a learned limit is tested with one more: the account's limit may have been raised.
        """
        learned = self.learned_slots
        if learned is not None and self.learned_at is not None and at - self.learned_at >= SLOTS_DOUBTED_AFTER:
            learned += 1
        known = [limit for limit in (self.max_slots, learned) if limit is not None]
        return min(known) if known else None

    @property
    def has_slot_limit(self) -> bool:
        return self.max_slots is not None or self.learned_slots is not None

    def refresh_replicas(self) -> None:
        """Have the engine refresh this key's replicas in its next round."""
        self._stored.update(replicas_refresh_at=timezone.now())

    def claim_refresh(self) -> bool:
        """Claim this refresh for REFRESH_LEASE; False when another process has it."""
        now = timezone.now()
        return bool(
            self._stored.filter(replicas_refresh_at=self.replicas_refresh_at).update(
                replicas_refresh_at=now + REFRESH_LEASE
            )
        )
