"""The API caller: a key that this instance issued, and the rows it can see."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from tavusweb.sandbox import replicas as cast
from tavusweb.sandbox.models import SandboxReplica, SandboxReplicaQuerySet, SandboxVideo, SandboxVideoQuerySet
from tavusweb.sandbox.replicas import Replica
from tavusweb.sandbox.responses import Refused, invalid
from tavusweb.sandbox.scenarios import PAGES_FROM_1, UNKNOWN_KEY, KeyPrefix, prefix_of


@dataclass(frozen=True)
class Caller:
    """The holder of an API key, known only by the key's hash."""

    key_hash: str
    prefix: KeyPrefix
    first_page: int  # of videos

    @classmethod
    def of(cls, request: HttpRequest) -> "Caller":
        """Return the caller of a request. Keys not issued here are refused like keys unknown to Tavus."""
        key = request.headers.get("x-api-key", "").strip()
        if not key or not import_string(settings.SANDBOX_KEY_CHECK)(key):
            raise Refused(UNKNOWN_KEY)
        prefix = prefix_of(key)
        if prefix.refused:
            raise Refused(prefix.refused)
        key_hash = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
        return cls(key_hash, prefix, 1 if PAGES_FROM_1 in key else 0)

    @property
    def videos(self) -> SandboxVideoQuerySet:
        return SandboxVideo.objects.of_key(self.key_hash)

    def video(self, video_id: str) -> SandboxVideo:
        if video := self.videos.filter(video_id=video_id).first():
            return video
        raise invalid("Invalid video_id")

    @property
    def _own_rows(self) -> SandboxReplicaQuerySet:
        return SandboxReplica.objects.filter(key_hash=self.key_hash).order_by("-pk")

    def replicas(self, now: datetime) -> list[Replica]:
        """Return all replicas that this key can use: first its own, newest first."""
        own = {row.replica_id: None if row.deleted_at else row.as_it_is(now) for row in self._own_rows}
        everybody = cast.cast(self.prefix.replicas)
        trained = [replica for replica_id, replica in own.items() if replica and replica_id not in everybody]
        return trained + [shown for each in everybody.values() if (shown := own.get(each.replica_id, each))]

    def replica(self, replica_id: str, now: datetime) -> Replica | None:
        if row := self._own_rows.filter(replica_id=replica_id).first():
            return None if row.deleted_at else row.as_it_is(now)
        return cast.cast(self.prefix.replicas).get(replica_id)
