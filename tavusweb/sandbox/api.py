"""The provider's API, under /sandbox/v2/: who is asking, what they want, and the answer."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from tavusweb.sandbox import cast, submission, undocumented
from tavusweb.sandbox.answers import Answer, Refused, invalid
from tavusweb.sandbox.cast import Replica
from tavusweb.sandbox.models import SandboxVideo
from tavusweb.sandbox.records import accepted_video, face_record, listed_video, replica_record, video_record
from tavusweb.sandbox.trouble import NO_KEY, KeyPrefix, prefix_of, words_in


@dataclass(frozen=True)
class Caller:
    """Whoever holds an API key. The key itself is forgotten here."""

    key_hash: str
    prefix: KeyPrefix

    @classmethod
    def of(cls, request: HttpRequest) -> "Caller":
        key = request.headers.get("x-api-key", "").strip()
        prefix = prefix_of(key)
        if refused := prefix.refused if key else NO_KEY:
            raise Refused(refused)
        return cls(hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest(), prefix)

    @property
    def videos(self) -> QuerySet[SandboxVideo]:
        return SandboxVideo.objects.of_key(self.key_hash)

    def video(self, video_id: str) -> SandboxVideo:
        if video := self.videos.filter(video_id=video_id).first():
            return video
        raise invalid("Invalid video_id")


def endpoint(**by_method: Callable[..., dict[str, Any] | None]) -> Callable[..., HttpResponse]:
    """A view that asks for a key, picks a function by method, and answers with JSON whatever happens."""

    @csrf_exempt
    @never_cache
    def view(request: HttpRequest, **path: str) -> HttpResponse:
        answer_to = by_method.get(request.method or "")
        if not answer_to:
            allowed = {"Allow": ", ".join(by_method)}
            return Answer(405, undocumented.METHOD_NOT_ALLOWED, allowed).response()
        try:
            content = answer_to(request, Caller.of(request), **path)
        except Refused as refused:
            return refused.answer.response()
        return HttpResponse(status=204) if content is None else JsonResponse(content)

    return view


@csrf_exempt
@never_cache
def not_found(request: HttpRequest) -> HttpResponse:
    return undocumented.NOT_FOUND.response()


# --- Videos --------------------------------------------------------------------------------------


def create_video(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    now = timezone.now()
    _refuse_by_key(caller, now)
    asked = submission.read(submission.json_object(request))
    if asked["replica_id"] not in cast.cast(caller.prefix.replicas):
        raise invalid("Invalid replica_id")
    words = words_in(asked.get("script", ""), asked.get("video_name", ""), asked.get("audio_url", ""))
    for word in words:
        if word.refused:
            raise Refused(word.refused)
    if caller.prefix.one_at_a_time or any(word.one_at_a_time for word in words):
        _refuse_unfinished(caller, now)
    video = SandboxVideo.objects.make(caller.key_hash, asked, now)
    for word in words:
        if word.lost:
            raise Refused(word.lost)
    return accepted_video(video)


def list_videos(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    now = timezone.now()
    return _page(request, caller.videos, caller.videos.count(), lambda video: listed_video(video, now))


def show_video(request: HttpRequest, caller: Caller, video_id: str) -> dict[str, Any]:
    return video_record(caller.video(video_id), timezone.now(), thumbnails=_is_true(request, "verbose"))


def delete_video(request: HttpRequest, caller: Caller, video_id: str) -> None:
    caller.video(video_id).remove(timezone.now(), for_good=_is_true(request, "hard"))


def rename_video(request: HttpRequest, caller: Caller, video_id: str) -> dict[str, Any]:
    video = caller.video(video_id)
    name = submission.text_field(submission.json_object(request), "video_name")
    if not name.strip():
        raise invalid("Invalid video_name")
    video.rename(name)
    return video_record(video, timezone.now(), thumbnails=False)


def _refuse_by_key(caller: Caller, now: datetime) -> None:
    if caller.prefix.refused_video:
        raise Refused(caller.prefix.refused_video)
    if not caller.prefix.seconds_between:
        return
    last = SandboxVideo.objects.filter(key_hash=caller.key_hash).order_by("-pk").first()
    left = caller.prefix.seconds_between - (now - last.created_at).total_seconds() if last else 0
    if left > 0:
        raise Refused(Answer(429, undocumented.TOO_MANY, {"Retry-After": str(ceil(left))}))


def _refuse_unfinished(caller: Caller, now: datetime) -> None:
    if SandboxVideo.objects.has_unfinished(caller.key_hash, now):
        raise Refused(undocumented.TOO_MANY_AT_ONCE)


# --- Replicas, in both spellings -----------------------------------------------------------------


def list_replicas(request: HttpRequest, caller: Caller, spelling: str) -> dict[str, Any]:
    replicas = list(cast.cast(caller.prefix.replicas).values())
    if kind := _either(request, f"{spelling}_type", "replica_type"):
        if kind not in {"user", "system"}:
            raise invalid(f"Invalid {spelling}_type")
        replicas = [replica for replica in replicas if replica.kind == kind]
    if ids := _either(request, f"{spelling}_ids", "replica_ids"):
        wanted = {one.strip() for one in ids.split(",")}
        replicas = [replica for replica in replicas if replica.replica_id in wanted]
    return _page(request, replicas, len(replicas), lambda replica: _spelled(request, replica, spelling))


def show_replica(request: HttpRequest, caller: Caller, spelling: str, replica_id: str) -> dict[str, Any]:
    replica = cast.cast(caller.prefix.replicas).get(replica_id)
    if not replica:
        raise invalid(f"Invalid {spelling}_id")
    return _spelled(request, replica, spelling)


def _spelled(request: HttpRequest, replica: Replica, spelling: str) -> dict[str, Any]:
    write = face_record if spelling == "face" else replica_record
    return write(replica, verbose=_is_true(request, "verbose"))


# --- Query strings -------------------------------------------------------------------------------


def _page(
    request: HttpRequest, rows: Sequence[Any] | QuerySet[Any], total: int, write: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    limit = min(_count(request, "limit", undocumented.DEFAULT_LIMIT), undocumented.MAX_LIMIT)
    start = (_count(request, "page", 1) - 1) * limit
    return {"data": [write(row) for row in rows[start : start + limit]], "total_count": total}


def _count(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "") or str(default)
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise invalid(f"Invalid {name}")
    return int(text)


def _either(request: HttpRequest, name: str, older: str) -> str:
    return request.GET.get(name) or request.GET.get(older) or ""


def _is_true(request: HttpRequest, name: str) -> bool:
    return request.GET.get(name, "").lower() in {"true", "1"}
