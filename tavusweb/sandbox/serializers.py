"""Serialise videos, replicas and voices as Tavus's API and callbacks do."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from tavusweb.sandbox.lifecycle import moment
from tavusweb.sandbox.models import SandboxVideo
from tavusweb.sandbox.replicas import Replica, Voice
from tavusweb.sandbox.responses import iso, rfc1123, spaced


def public(view: str, *args: str) -> str:
    """Return the absolute URL of a sandbox page or file."""
    return settings.SITE_URL + reverse(f"sandbox:{view}", args=args)


def video_record(video: SandboxVideo, now: datetime, *, thumbnails: bool) -> dict[str, Any]:
    """Serialise a video for GET /v2/videos/{video_id}; `verbose=true` adds thumbnails."""
    at = moment(video, now)
    is_ready = at.status == "ready"
    has_extras = is_ready and not video.is_fast  # a fast render has neither stream nor thumbnails
    record = {
        "video_id": video.video_id,
        "video_name": video.name,
        "status": at.status,
        "data": _shown_request(video.request),
        "replica_id": video.request["replica_id"],
        "download_url": public("download", video.video_id, video.file_type) if is_ready else None,
        "hosted_url": public("watch", video.video_id),
        "stream_url": public("stream", video.video_id) if has_extras else None,
        "status_details": at.details,
        "created_at": rfc1123(video.created_at),
        "updated_at": rfc1123(max(at.since, video.created_at)),
        "generation_progress": f"{at.progress}/100",
    }
    if thumbnails:
        record["still_image_thumbnail_url"] = public("thumbnail", video.video_id, "jpg") if has_extras else None
        record["gif_thumbnail_url"] = public("thumbnail", video.video_id, "gif") if has_extras else None
    return record


def listed_video(video: SandboxVideo, now: datetime) -> dict[str, Any]:
    """Serialise a video as an item of GET /v2/videos."""
    record = video_record(video, now, thumbnails=True)
    return record | {
        "error_details": record["status_details"] if record["status"] == "error" else None,
        "background_url": video.request.get("background_url"),
        "background_source_url": video.request.get("background_source_url"),
    }


def video_callback(video: SandboxVideo, now: datetime) -> dict[str, Any]:
    """Serialise the callback for a finished video: the same fields, with dates in the third format."""
    dates = {"created_at": spaced(video.created_at), "updated_at": spaced(moment(video, now).since)}
    return video_record(video, now, thumbnails=False) | dates


def accepted_video(video: SandboxVideo) -> dict[str, Any]:
    """Serialise the response to POST /v2/videos."""
    return {
        "video_id": video.video_id,
        "video_name": video.name,
        "status": "queued",
        "hosted_url": public("watch", video.video_id),
        "created_at": rfc1123(video.created_at),
    }


def _shown_request(request: dict[str, Any]) -> dict[str, Any]:
    named_elsewhere = {"replica_id", "video_name", "callback_url", "properties"}
    shown = {name: value for name, value in request.items() if name not in named_elsewhere}
    properties: dict[str, Any] = request.get("properties", {})
    return shown | {"start_with_wave": True} | properties


def replica_record(replica: Replica, *, verbose: bool) -> dict[str, Any]:
    has_pictures = replica.status == "completed"
    record = {
        "replica_id": replica.replica_id,
        "replica_name": replica.name,
        "thumbnail_video_url": public("portrait", replica.appearance, "mp4") if has_pictures else None,
        "training_progress": f"{replica.progress}/100",
        "status": replica.status,
        "created_at": iso(replica.created_at),
        "updated_at": iso(replica.updated_at or replica.created_at),
        "error_message": replica.error_message,
        "model_name": replica.model_name,
    }
    return record | ({"replica_type": replica.kind} if verbose else {})


def face_record(replica: Replica, *, verbose: bool) -> dict[str, Any]:
    """Serialise a replica under the newer field names."""
    record = replica_record(replica, verbose=verbose)
    still = public("portrait", replica.appearance, "jpg") if record["thumbnail_video_url"] else None
    faced = {name.replace("replica_", "face_"): value for name, value in record.items()}
    return faced | {"thumbnail_image_url": still}


def replica_callback(replica: Replica) -> dict[str, Any]:
    """Serialise the callback for a finished training. Its word for success differs from the API's."""
    status = "ready" if replica.status == "completed" else replica.status
    return {"replica_id": replica.replica_id, "status": status, "error_message": replica.error_message}


def voice_record(voice: Voice) -> dict[str, Any]:
    return {
        "voice_name": voice.name,
        "replica_id": voice.replica_id,
        "audio_url": public("voice", voice.appearance),
        "tags": list(voice.tags),
    }
