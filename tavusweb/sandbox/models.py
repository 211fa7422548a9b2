"""The videos that were asked of the sandbox. Only what was asked is stored: life.py tells the rest."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models

from tavusweb.sandbox import cast
from tavusweb.sandbox.life import longest, moment

KEPT_FOR = timedelta(days=30)
# An instance open to the world stays small, whatever is thrown at it.
MAX_OF_A_KEY = 5_000
MAX_OF_ALL = 50_000


class SandboxVideoQuerySet(models.QuerySet["SandboxVideo"]):
    def of_key(self, key_hash: str) -> Self:
        """What this key can see, newest first."""
        return self.filter(key_hash=key_hash, erased=False).order_by("-pk")

    def has_unfinished(self, key_hash: str, now: datetime) -> bool:
        recent = self.of_key(key_hash).filter(deleted_at=None, created_at__gt=now - longest())
        return any(not moment(video, now).is_final for video in recent.iterator())

    def make(self, key_hash: str, asked: dict[str, Any], now: datetime) -> "SandboxVideo":
        self._prune(key_hash, now)
        video_id = secrets.token_hex(5)
        date = f"{now:%B} {now.day}, {now.year}"
        name = asked.get("video_name") or f"replica_id: {asked['replica_id']} - {date} - video: {video_id}"
        return self.create(key_hash=key_hash, video_id=video_id, name=name, request=asked, created_at=now)

    def _prune(self, key_hash: str, now: datetime) -> None:
        self.filter(created_at__lt=now - KEPT_FOR).delete()
        for rows, most in ((self.filter(key_hash=key_hash), MAX_OF_A_KEY), (self.all(), MAX_OF_ALL)):
            # With the one about to be made, `most` remain.
            oldest_to_go = rows.order_by("-pk").values_list("pk", flat=True)[most - 1 : most].first()
            if oldest_to_go is not None:
                rows.filter(pk__lte=oldest_to_go).delete()


class SandboxVideo(models.Model):
    key_hash = models.CharField(max_length=64, help_text="SHA-256 of the API key that asked for it")
    video_id = models.CharField(max_length=10, unique=True)
    name = models.TextField()
    request = models.JSONField(help_text="What was asked for, as it came; emptied when deleted for good")
    created_at = models.DateTimeField(db_index=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    erased = models.BooleanField(default=False, help_text="Deleted for good, with its files")

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
    def look(self) -> str:
        """Whose pictures and clips it shows."""
        return cast.find(self.request["replica_id"]).look

    def rename(self, name: str) -> None:
        self.name = name
        self.save(update_fields=["name"])

    def remove(self, now: datetime, *, for_good: bool) -> None:
        """Delete it; for good, what was asked is forgotten too."""
        self.deleted_at = self.deleted_at or now
        if for_good:
            self.erased, self.name, self.request = True, "", {}
        self.save(update_fields=["deleted_at", "erased", "name", "request"])
