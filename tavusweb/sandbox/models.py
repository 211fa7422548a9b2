"""Requests made to the sandbox. Only requests are stored; lifecycle.py and training.py compute the current state."""

import json
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q, Sum

from tavusweb.sandbox import replicas, training
from tavusweb.sandbox.addresses import own_address
from tavusweb.sandbox.lifecycle import course, longest, moment
from tavusweb.sandbox.replicas import Replica

ROWS_LAST = timedelta(days=30)

Row = TypeVar("Row", bound="StoredRow")


class KeptQuerySet(models.QuerySet[Row]):
    def of_key(self, key_hash: str) -> Self:
        """Rows visible to a key, newest first."""
        return self.filter(key_hash=key_hash, erased=False).order_by("-pk")

    def callbacks_due(self, now: datetime) -> Self:
        return self.filter(callback_due_at__lte=now).order_by("callback_due_at")

    def keep_within_bounds(self, key_hash: str) -> None:
        """Delete this key's oldest rows beyond its limits. Other keys' rows are never touched."""
        rows, size = self.model.MAX_ROWS, self.model.MAX_BYTES
        own = self.filter(key_hash=key_hash).order_by("-pk")
        first_too_many = own.values_list("pk", flat=True)[rows : rows + 1].first()
        if first_too_many is not None:
            own.filter(pk__lte=first_too_many).delete()
        excess = (own.aggregate(total=Sum("size"))["total"] or 0) - size
        last = None
        for pk, weight in own.order_by("pk").values_list("pk", "size").iterator() if excess > 0 else ():
            if excess <= 0:
                break
            last, excess = pk, excess - weight
        if last is not None:
            own.filter(pk__lte=last).delete()


class StoredRow(models.Model):
    """A request by one key. Its size is the bytes of its name and request."""

    # Limits per key. The number of keys limits the total.
    MAX_ROWS: ClassVar[int]
    MAX_BYTES: ClassVar[int]

    key_hash = models.CharField(max_length=64, help_text="SHA-256 of the API key that asked for it")
    name = models.TextField()
    request = models.JSONField(help_text="What was asked for, as it came; emptied when deleted for good")
    size = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_index=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    erased = models.BooleanField(default=False, help_text="Deleted for good, with its files")
    callback_due_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="When its callback is sent; empty when none is, or no longer"
    )

    class Meta:
        abstract = True

    @property
    def _all(self) -> KeptQuerySet[Any]:
        rows = type(self)._default_manager.get_queryset()
        assert isinstance(rows, KeptQuerySet)  # noqa: S101  # so say the models below
        return rows

    def weigh(self) -> None:
        self.size = len(json.dumps(self.request)) + len(self.name.encode())

    def rename(self, name: str) -> None:
        self.name = name
        self.weigh()
        self.save(update_fields=["name", "size"])
        self._all.keep_within_bounds(self.key_hash)

    def remove(self, now: datetime, *, for_good: bool) -> None:
        """Mark as deleted; `for_good` also erases the request."""
        self.deleted_at, self.callback_due_at = self.deleted_at or now, None
        if for_good:
            self.erased, self.name, self.request = True, "", {}
        self.weigh()
        self.save(update_fields=["deleted_at", "callback_due_at", "erased", "name", "request", "size"])

    def claim_callback(self) -> bool:
        """Claim the callback for sending; False if another process has claimed it or it is no longer due."""
        due = self._all.filter(pk=self.pk, callback_due_at=self.callback_due_at)
        return self.callback_due_at is not None and bool(due.update(callback_due_at=None))


class SandboxVideoQuerySet(KeptQuerySet["SandboxVideo"]):
    def has_unfinished(self, key_hash: str, now: datetime) -> bool:
        since = now - longest()
        recent = self.of_key(key_hash).filter(Q(created_at__gt=since) | Q(training_until__gt=since), deleted_at=None)
        return any(not moment(video, now).is_final for video in recent.iterator())

    def make(
        self, key_hash: str, asked: dict[str, Any], now: datetime, replica: Replica | None = None
    ) -> "SandboxVideo":
        video_id = secrets.token_hex(5)
        date = f"{now:%B} {now.day}, {now.year}"
        name = asked.get("video_name") or f"replica_id: {asked['replica_id']} - {date} - video: {video_id}"
        video = SandboxVideo(key_hash=key_hash, video_id=video_id, name=name, request=asked, created_at=now)
        if replica and replica.training_until:
            video.training_until = replica.training_until
            video.replica_fails = replica.fails
        if own_address(asked.get("callback_url", "")):
            video.callback_due_at = course(video).ends_at
        video.weigh()
        video.save()
        self.filter(created_at__lt=now - ROWS_LAST).delete()
        self.keep_within_bounds(key_hash)
        return video

    def fail_waiting_for(self, key_hash: str, replica_id: str, now: datetime) -> None:
        """Fail the videos that wait for a replica deleted before its training ended."""
        waiting = self.of_key(key_hash).filter(request__replica_id=replica_id, deleted_at=None)
        for video in waiting.filter(Q(training_until=None) | Q(training_until__gt=now)):
            video.training_until, video.replica_fails = now, True
            if own_address(video.request.get("callback_url", "")):
                video.callback_due_at = course(video).ends_at
            video.save(update_fields=["training_until", "replica_fails", "callback_due_at"])


class SandboxVideo(StoredRow):
    MAX_ROWS, MAX_BYTES = 5_000, 50_000_000

    video_id = models.CharField(max_length=10, unique=True)
    training_until = models.DateTimeField(null=True, blank=True, help_text="When the training of its replica ends")
    replica_fails = models.BooleanField(default=False, help_text="Whether that training fails")

    objects = SandboxVideoQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["key_hash", "erased", "-id"], name="sandbox_newest_of_key"),)

    def __str__(self) -> str:
        return self.video_id

    @property
    def is_fast(self) -> bool:
        return bool(self.request.get("fast"))

    @property
    def file_type(self) -> str:
        return "webm" if self.request.get("transparent_background") else "mp4"

    @property
    def appearance(self) -> str:
        """The presenter whose pictures and clips this video shows."""
        return replicas.appearance_of(self.request["replica_id"])


class SandboxReplicaQuerySet(KeptQuerySet["SandboxReplica"]):
    def train(self, key_hash: str, asked: dict[str, Any], now: datetime) -> "SandboxReplica":
        replica_id = f"r{secrets.token_hex(6)[1:]}"
        row = SandboxReplica(key_hash=key_hash, replica_id=replica_id, request=asked, created_at=now)
        row.name = asked["replica_name"] or f"Replica {replica_id}"
        if own_address(asked.get("callback_url", "")):
            row.callback_due_at = training.ends_at(asked, now)
        row.weigh()
        row.save()
        self.keep_within_bounds(key_hash)
        return row

    def note(self, key_hash: str, replica: Replica, now: datetime) -> "SandboxReplica":
        """Return the row with a key's changes to a replica, creating it for a bundled replica not changed before."""
        about = {"name": replica.name, "request": {}, "created_at": now}
        row, is_new = self.get_or_create(key_hash=key_hash, replica_id=replica.replica_id, defaults=about)
        if is_new:
            self.keep_within_bounds(key_hash)
        return row


class SandboxReplica(StoredRow):
    """A replica that a key trained, or one of its three bundled custom replicas that it renamed or deleted."""

    MAX_ROWS, MAX_BYTES = 200, 5_000_000

    replica_id = models.CharField(max_length=12)

    objects = SandboxReplicaQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key_hash", "replica_id"], name="sandbox_one_replica_per_key"),)

    def __str__(self) -> str:
        return self.replica_id

    def as_it_is(self, now: datetime) -> Replica:
        """Return the replica at a time. The row must not be erased."""
        if of_everybody := replicas.find(self.replica_id):
            return replace(of_everybody, name=self.name)
        return training.trained(self.replica_id, self.name, self.request, self.created_at, now)
