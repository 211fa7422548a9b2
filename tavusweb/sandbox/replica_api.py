"""The provider's /v2/replicas, its newer name /v2/faces, and /v2/voices."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from tavusweb.sandbox import replicas, requests, training
from tavusweb.sandbox.api import is_true, page
from tavusweb.sandbox.callers import Caller
from tavusweb.sandbox.models import SandboxReplica, SandboxVideo
from tavusweb.sandbox.replicas import Replica
from tavusweb.sandbox.responses import Refused, invalid
from tavusweb.sandbox.scenarios import training_words_in
from tavusweb.sandbox.serializers import face_record, replica_record, voice_record


def train_replica(request: HttpRequest, caller: Caller, spelling: str) -> dict[str, Any]:
    if caller.prefix.refused_video:
        raise Refused(caller.prefix.refused_video)
    asked = training.read(requests.json_object(request), spelling)
    row = SandboxReplica.objects.train(caller.key_hash, asked, timezone.now())
    for word in training_words_in(*training.texts(asked)):
        if word.lost:
            raise Refused(word.lost)
    return {f"{spelling}_id": row.replica_id, "status": "started"}


def list_replicas(request: HttpRequest, caller: Caller, spelling: str) -> dict[str, Any]:
    rows = caller.replicas(timezone.now())
    if kind := _either(request, f"{spelling}_type", "replica_type"):
        if kind not in {"user", "system"}:
            raise invalid(f"Invalid {spelling}_type")
        rows = [replica for replica in rows if replica.kind == kind]
    if model := request.GET.get("model_name"):
        rows = [replica for replica in rows if replica.model_name == model]
    if ids := _either(request, f"{spelling}_ids", "replica_ids"):
        wanted = {one.strip() for one in ids.split(",")}
        rows = [replica for replica in rows if replica.replica_id in wanted]
    return page(request, rows, lambda replica: _spelled(request, replica, spelling), first=1, zero_repeats=True)


def show_replica(request: HttpRequest, caller: Caller, spelling: str, replica_id: str) -> dict[str, Any]:
    replica = caller.replica(replica_id, timezone.now())
    if not replica:
        raise invalid(f"Invalid {spelling}_id")
    return _spelled(request, replica, spelling)


def rename_replica(request: HttpRequest, caller: Caller, spelling: str, replica_id: str) -> dict[str, Any]:
    now = timezone.now()
    row, _ = _own(caller, spelling, replica_id, now)
    if row.deleted_at:
        raise invalid(f"Invalid {spelling}_id")
    content = requests.json_object(request)
    field = f"{spelling}_name" if f"{spelling}_name" in content else "replica_name"
    row.rename(requests.name_field(content, field))
    return _spelled(request, row.as_it_is(now), spelling)


def delete_replica(request: HttpRequest, caller: Caller, spelling: str, replica_id: str) -> dict[str, Any]:
    """Delete a replica. Its videos stay, except that those waiting for its training fail."""
    now = timezone.now()
    row, replica = _own(caller, spelling, replica_id, now)
    if replica.status == "started":
        SandboxVideo.objects.fail_waiting_for(caller.key_hash, replica_id, now)
    row.remove(now, for_good=is_true(request, "hard"))
    return {}


def list_voices(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    voices = [*replicas.VOICES]
    if words := request.GET.get("search"):
        voices = [voice for voice in voices if words.strip().lower() in voice.name]
    if tag := request.GET.get("tag"):
        voices = [voice for voice in voices if tag.lower() in voice.tags]
    if request.GET.get("sort") == "desc":
        voices.reverse()
    return page(request, voices, voice_record, first=1, zero_repeats=True)


def _own(caller: Caller, spelling: str, replica_id: str, now: datetime) -> tuple[SandboxReplica, Replica]:
    """Return the row of this key's own replica, even if soft-deleted. A stock replica belongs to nobody."""
    row = SandboxReplica.objects.of_key(caller.key_hash).filter(replica_id=replica_id).first()
    if row:
        return row, row.as_it_is(now)
    replica = caller.replica(replica_id, now)
    if not replica or replica.kind != "user":
        raise invalid(f"Invalid {spelling}_id")
    return SandboxReplica.objects.note(caller.key_hash, replica, now), replica


def _spelled(request: HttpRequest, replica: Replica, spelling: str) -> dict[str, Any]:
    write = face_record if spelling == "face" else replica_record
    return write(replica, verbose=is_true(request, "verbose"))


def _either(request: HttpRequest, name: str, older: str) -> str:
    return request.GET.get(name) or request.GET.get(older) or ""
