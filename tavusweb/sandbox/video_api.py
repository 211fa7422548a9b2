"""The provider's /v2/videos."""

from datetime import datetime
from math import ceil
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from tavusweb.sandbox import requests, responses
from tavusweb.sandbox.api import is_true, page
from tavusweb.sandbox.callers import Caller
from tavusweb.sandbox.models import SandboxVideo
from tavusweb.sandbox.responses import Answer, Refused, invalid
from tavusweb.sandbox.scenarios import words_in
from tavusweb.sandbox.serializers import accepted_video, listed_video, video_record


def create_video(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    now = timezone.now()
    _refuse_by_key(caller, now)
    asked = requests.read(requests.json_object(request))
    replica = caller.replica(asked["replica_id"], now)
    if not replica:
        raise invalid("Invalid replica_id")
    words = words_in(asked.get("script", ""), asked.get("video_name", ""), asked.get("audio_url", ""))
    for word in words:
        if word.refused:
            raise Refused(word.refused)
    if caller.prefix.one_at_a_time or any(word.one_at_a_time for word in words):
        _refuse_unfinished(caller, now)
    video = SandboxVideo.objects.make(caller.key_hash, asked, now, replica)
    for word in words:
        if word.lost:
            raise Refused(word.lost)
    return accepted_video(video)


def list_videos(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    now = timezone.now()
    return page(request, caller.videos, lambda video: listed_video(video, now), first=caller.first_page)


def show_video(request: HttpRequest, caller: Caller, video_id: str) -> dict[str, Any]:
    return video_record(caller.video(video_id), timezone.now(), thumbnails=is_true(request, "verbose"))


def delete_video(request: HttpRequest, caller: Caller, video_id: str) -> dict[str, Any]:
    caller.video(video_id).remove(timezone.now(), for_good=is_true(request, "hard"))
    return {}


def rename_video(request: HttpRequest, caller: Caller, video_id: str) -> dict[str, Any]:
    video = caller.video(video_id)
    video.rename(requests.name_field(requests.json_object(request), "video_name"))
    return video_record(video, timezone.now(), thumbnails=False)


def _refuse_by_key(caller: Caller, now: datetime) -> None:
    if caller.prefix.refused_video:
        raise Refused(caller.prefix.refused_video)
    if not caller.prefix.seconds_between:
        return
    last = SandboxVideo.objects.filter(key_hash=caller.key_hash).order_by("-pk").first()
    left = caller.prefix.seconds_between - (now - last.created_at).total_seconds() if last else 0
    if left > 0:
        raise Refused(Answer(429, responses.TOO_MANY, {"Retry-After": str(ceil(left))}))


def _refuse_unfinished(caller: Caller, now: datetime) -> None:
    if SandboxVideo.objects.has_unfinished(caller.key_hash, now):
        raise Refused(responses.TOO_MANY_AT_ONCE)
