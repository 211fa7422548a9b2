import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tavusweb.sealing import CannotOpen, seal, unseal
from tavusweb.tavus import Tavus
from tavusweb.workspaces.models import Workspace

from .health import ADVICE, RESTS, Health

if TYPE_CHECKING:
    from tavusweb.accounts.models import User

LOOK_EVERY = timedelta(hours=1)  # between two readings of a key's replicas
SLOTS_REST = timedelta(seconds=15)  # between two tries while the slots of a key are taken by others
SLOTS_DOUBTED_AFTER = timedelta(seconds=30)  # then one more is tried, as long as Tavus takes it
NOTED_EVERY = timedelta(minutes=1)  # how often a success is written down
LOOK_LEASE = timedelta(minutes=2)  # a reading that takes longer may be begun again by somebody else


class APIKeyQuerySet(models.QuerySet["APIKey"]):
    def current(self) -> "APIKeyQuerySet":
        """The keys that people see: neither deleted nor the old secret of one that was replaced."""
        return self.filter(retired_at=None, successor=None)

    def to_make_with(self) -> "APIKeyQuerySet":
        """What a video can be made with, the default first."""
        return self.current().filter(frozen_at=None).order_by("-is_default", "created_at")

    def draining(self) -> "APIKeyQuerySet":
        return self.filter(retired_at=None).exclude(successor=None)


class APIKey(models.Model):
    """A Tavus key, held encrypted by a workspace.

    The secret goes in through `put_secret` and out through `connect`, and nowhere else. A deleted key keeps its
    row, without the secret, because its videos remember which key made them.

    When a secret is replaced, the old one goes on in a row of its own, the key's predecessor, for the videos that were
    submitted with it. Nothing new is sent with it, and it is gone when the last of them has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    sealed = models.TextField(editable=False)
    last4 = models.CharField(max_length=4, editable=False)
    is_sandbox = models.BooleanField("sandbox", default=False)
    is_default = models.BooleanField("default", default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    successor = models.ForeignKey("self", models.CASCADE, null=True, editable=False, related_name="predecessors")
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    retired_at = models.DateTimeField("deleted at", null=True, blank=True, editable=False)

    health = models.CharField(max_length=20, choices=Health.choices, default=Health.UNCHECKED)
    health_detail = models.CharField("what Tavus said", max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField("failures in a row", default=0)
    worked_at = models.DateTimeField("last success", null=True, blank=True)
    failed_at = models.DateTimeField("last failure", null=True, blank=True)
    failed_as = models.CharField("what failed", max_length=20, choices=Health.choices, blank=True)
    failed_detail = models.CharField("what Tavus said then", max_length=500, blank=True)
    polls_wait_until = models.DateTimeField(null=True, blank=True)
    submissions_wait_until = models.DateTimeField(null=True, blank=True)

    max_slots = models.PositiveIntegerField(
        "videos at once", null=True, blank=True, help_text="How many videos this key may have in production at Tavus."
    )
    learned_slots = models.PositiveIntegerField("videos at once, as Tavus told", null=True, blank=True, editable=False)
    learned_at = models.DateTimeField(null=True, blank=True, editable=False)
    requests_at_once = models.PositiveSmallIntegerField(default=8)

    look_at = models.DateTimeField("next look", default=timezone.now, db_index=True)
    replicas_read_at = models.DateTimeField(null=True, blank=True)

    objects = APIKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=Q(retired_at=None, successor=None),
                name="one_current_key_per_name",
            ),
            models.UniqueConstraint(fields=["workspace"], condition=Q(is_default=True), name="one_default_key"),
        ]
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"{self.name} (…{self.last4})"

    # The one door of the secret.

    @property
    def _row(self) -> str:
        return f"keys.apikey:{self.pk}"

    def put_secret(self, secret: str) -> None:
        """Seal a new secret into this unsaved or saved row; the caller saves."""
        self.sealed = seal(secret, row=self._row)
        self.last4 = secret[-4:] if len(secret) >= 12 else ""

    def replace_secret(self, secret: str, *, by: "User") -> bool:
        """Put a new secret into a saved key; what was submitted with the old one is followed with that to its end.

        False when the key was deleted or replaced in the meantime.
        """
        old = self.sealed
        self.put_secret(secret)
        self.replaced_at, self.replaced_by = timezone.now(), by
        written = {name: getattr(self, name) for name in ("sealed", "last4", "replaced_at", "replaced_by")}
        with transaction.atomic():
            row = APIKey.objects.select_for_update().current().filter(pk=self.pk, sealed=old).first()
            if row is None:
                return False
            row._leave_behind(by)
            APIKey.objects.filter(pk=self.pk).update(**written)
        return True

    def _leave_behind(self, by: "User") -> None:
        """Give the videos that are at Tavus to a row that holds the secret as it is now, if it still opens anything."""
        if self.health == Health.NOT_RECOGNISED or not self.videos.handed_over().exists():
            return
        try:
            secret = unseal(self.sealed, row=self._row)
        except CannotOpen:
            return
        same = ("name", "is_sandbox", "health", "created_by", "requests_at_once")
        kept = {name: getattr(self, name) for name in same}
        old = APIKey(workspace_id=self.workspace_id, successor=self, frozen_at=timezone.now(), frozen_by=by, **kept)
        old.put_secret(secret)
        old.look_at = timezone.now() + LOOK_EVERY
        old.save()
        self.videos.handed_over().update(api_key=old)

    def give_up(self) -> None:
        """Give the videos of an old secret back to the key that it belonged to, and forget the secret."""
        with transaction.atomic():
            self.videos.update(api_key=self.successor_id)
            self.delete()

    def reseal(self) -> bool:
        """Seal the secret with the newest ring key; False when the row was changed meanwhile. Raises CannotOpen."""
        sealed = seal(unseal(self.sealed, row=self._row), row=self._row)
        return bool(APIKey.objects.filter(pk=self.pk, sealed=self.sealed).update(sealed=sealed))

    def connect(
        self, *, transport: httpx.AsyncBaseTransport | None = None, timeout: float = 10.0, secret: str = ""
    ) -> Tavus:
        """A client that speaks with this key to Tavus, or to the sandbox, within its limit of requests at once.

        `secret` is one to try instead of the key's own.

        Raises sealing.CannotOpen when the ring no longer opens the secret.
        """
        return Tavus(
            base_url=settings.SANDBOX_API_URL if self.is_sandbox else settings.TAVUS_API_URL,
            api_key=secret or unseal(self.sealed, row=self._row),
            transport=transport,
            timeout=timeout,
            connections=self.requests_at_once,
        )

    # Its health.

    @property
    def advice(self) -> str:
        return ADVICE[self.health]

    @property
    def has_trouble(self) -> bool:
        return self.health in RESTS

    @property
    def is_silenced(self) -> bool:
        """Whether its trouble stops everything: all but missing credits, which stop only submissions."""
        return self.has_trouble and RESTS[self.health].stops_polling

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def may_be_asked(self) -> bool:
        """Whether Tavus can be asked with it; a frozen key is asked about what it has made."""
        return self.retired_at is None

    @property
    def is_usable(self) -> bool:
        return self.may_be_asked and not self.is_frozen

    @property
    def may_send_now(self) -> bool:
        wait = self.submissions_wait_until
        return self.is_usable and (wait is None or wait <= timezone.now())

    def record_success(self, *, asked_at: datetime, bought: bool = False) -> None:
        """Note that Tavus answered what was asked at that time, and end what its trouble had stopped.

        Trouble that came up since stays. Only a video that was bought shows that there are credits again.
        """
        now = timezone.now()
        if self.health == Health.WORKS and self.checked_at and now - self.checked_at < NOTED_EVERY:
            return
        answered = APIKey.objects.filter(Q(checked_at=None) | Q(checked_at__lt=asked_at), pk=self.pk)
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
        """Note what is wrong and rest; answers when this key is tried again. `wait` is Tavus's own wish in seconds."""
        now = timezone.now()
        rest = RESTS[health]
        is_resting = self.submissions_wait_until is not None and self.submissions_wait_until > now
        repeated = self.health == health
        # Requests that were under way together fail together: that is one failure.
        failures = self.failures if repeated and is_resting else self.failures + 1 if repeated else 1
        until = now + max(rest.after(failures), timedelta(seconds=wait or 0))
        changes: dict[str, Any] = {
            "health": health,
            "health_detail": detail[:500],
            "checked_at": now,
            "failures": failures,
            "failed_at": now,
            "failed_as": health,
            "failed_detail": detail[:500],
            "submissions_wait_until": until,
            "look_at": until,
        }
        if rest.stops_polling:
            changes["polls_wait_until"] = until
        APIKey.objects.filter(pk=self.pk).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)
        if self.successor_id and health in {Health.NOT_RECOGNISED, Health.UNREADABLE}:
            # Nothing can be asked with the old secret any more: the new one may belong to the same account.
            self.videos.update(api_key=self.successor_id)
        return until

    def learn_slots(self, in_production: int) -> None:
        """Tavus refused one more while so many were in production: that is its limit, for the time being."""
        now = timezone.now()
        # Submissions that were under way together are counted one after the other: the largest count is right.
        is_fresh = self.learned_at is not None and now - self.learned_at < SLOTS_REST
        learned = max(in_production, 1, (self.learned_slots or 0) if is_fresh else 0)
        changes = {"learned_slots": learned, "learned_at": now}
        if not in_production:  # somebody else uses the account: try again soon
            changes["submissions_wait_until"] = now + SLOTS_REST
        APIKey.objects.filter(pk=self.pk).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)

    def outgrow_slots(self, in_production: int) -> None:
        """Tavus took more than we thought it would: the limit is at least that, and goes on being doubted."""
        if self.learned_slots is not None and in_production > self.learned_slots:
            APIKey.objects.filter(pk=self.pk).update(learned_slots=in_production)
            self.learned_slots = in_production

    def slots_at(self, at: datetime) -> int | None:
        """How many videos may be in production now; None when no limit is known.

        What was learned is doubted after a while by trying one more: an account's limit may have been raised.
        """
        learned = self.learned_slots
        if learned is not None and self.learned_at is not None and at - self.learned_at >= SLOTS_DOUBTED_AFTER:
            learned += 1
        known = [limit for limit in (self.max_slots, learned) if limit is not None]
        return min(known) if known else None

    @property
    def has_slot_limit(self) -> bool:
        return self.max_slots is not None or self.learned_slots is not None

    def freeze(self, *, by: "User") -> bool:
        """Stop submissions at once; what is in production is followed to its end."""
        unfrozen = APIKey.objects.current().filter(pk=self.pk, frozen_at=None)
        return bool(unfrozen.update(frozen_at=timezone.now(), frozen_by=by))

    def unfreeze(self) -> bool:
        now = timezone.now()
        frozen = APIKey.objects.current().filter(pk=self.pk).exclude(frozen_at=None)
        return bool(frozen.update(frozen_at=None, frozen_by=None, look_at=now))

    def make_default(self) -> None:
        """Have forms begin with this key."""
        with transaction.atomic():
            APIKey.objects.filter(workspace_id=self.workspace_id, is_default=True).update(is_default=False)
            APIKey.objects.current().filter(pk=self.pk).update(is_default=True)

    def look_again(self) -> None:
        """Have the background read this key's replicas at its next round."""
        APIKey.objects.filter(pk=self.pk).update(look_at=timezone.now())

    def claim_look(self) -> bool:
        """Take this key's reading for a while; False when somebody else took it."""
        now = timezone.now()
        return bool(APIKey.objects.filter(pk=self.pk, look_at=self.look_at).update(look_at=now + LOOK_LEASE))

    def retire(self) -> bool:
        """Delete the key: the secret is gone for good, its name stays beside the videos that it made.

        False while videos in our queue or in production need it.
        """
        for old in self.predecessors.all():
            if not old.videos.pending().exists():
                old.give_up()
        needed = self.videos.pending().values("api_key")
        draining = APIKey.objects.filter(successor=self).values("successor")
        gone = {"sealed": "", "retired_at": timezone.now(), "is_default": False}
        free = APIKey.objects.current().filter(pk=self.pk).exclude(pk__in=needed).exclude(pk__in=draining)
        if not free.update(**gone):
            return False
        self.replicas.all().delete()
        return True

    @classmethod
    def make(cls, workspace: Workspace, *, name: str, secret: str, is_sandbox: bool, by: "User | None") -> "APIKey":
        """A new key, sealed and not saved."""
        key = cls(workspace=workspace, name=name, is_sandbox=is_sandbox, created_by=by)
        key.put_secret(secret)
        return key


class Replica(models.Model):
    """A replica as one key last saw it at Tavus. A cache: Tavus decides what may be used."""

    api_key = models.ForeignKey(APIKey, models.CASCADE, related_name="replicas")
    replica_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, blank=True, choices=[("user", "Own"), ("system", "Stock")])
    status = models.CharField(max_length=60, blank=True)
    training_progress = models.PositiveSmallIntegerField(null=True, blank=True)
    thumbnail_url = models.URLField(max_length=4096, blank=True)
    image_url = models.URLField(max_length=4096, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    is_usable = models.BooleanField(default=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "replica_id"], name="one_replica_per_key")]
        ordering = ["kind", "name", "replica_id"]

    def __str__(self) -> str:
        return self.name or self.replica_id
