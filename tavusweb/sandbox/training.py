"""Validate POST /v2/replicas as strictly as Tavus does immediately, and compute a training's progress."""

from datetime import datetime, timedelta
from math import prod
from typing import Any

from django.conf import settings

from tavusweb.sandbox import replicas
from tavusweb.sandbox.lifecycle import is_other_type, is_reachable
from tavusweb.sandbox.replicas import Replica
from tavusweb.sandbox.requests import switches, text_field
from tavusweb.sandbox.responses import invalid
from tavusweb.sandbox.scenarios import TRAINING_FAILURES, training_words_in

ADDRESSES = ("train_video_url", "train_image_url", "consent_video_url", "callback_url")
RENDERS = 3  # a training takes as long as this many short videos
BREAKS_AT = 30  # progress at which a training fails
FILE_TYPES = {
    "train_video_url": (".mp4", ".mov", ".webm"),
    "consent_video_url": (".mp4", ".mov", ".webm"),
    "train_image_url": (".jpg", ".jpeg", ".png", ".webp"),
}


def read(content: dict[str, Any], spelling: str) -> dict[str, Any]:
    """Return the request with only its known, non-empty fields."""
    asked: dict[str, Any] = {name: text for name in ADDRESSES if (text := text_field(content, name))}
    name = text_field(content, f"{spelling}_name") or text_field(content, "replica_name")
    asked |= {"replica_name": name, "model_name": _model(content)}
    asked |= switches(content, ("auto_fix_training_image",))
    properties = content.get("properties", {})
    if not isinstance(properties, dict):
        raise invalid("Invalid properties")
    if details := switches({k: v for k, v in properties.items() if v is not None}, ("background_green_screen",)):
        asked["properties"] = details
    if ("train_video_url" in asked) == ("train_image_url" in asked):
        raise invalid("Exactly one of train_video_url and train_image_url must be provided")
    return asked | _voice(content, is_photo="train_image_url" in asked)


def _model(content: dict[str, Any]) -> str:
    model = text_field(content, "model_name") or replicas.MODELS[0]
    if model not in replicas.MODELS:
        raise invalid("Invalid model_name")
    return model


def _voice(content: dict[str, Any], *, is_photo: bool) -> dict[str, str]:
    name = text_field(content, "voice_name").strip().lower()
    if is_photo and not name:
        raise invalid("voice_name is required with train_image_url")
    if name and name not in {voice.name for voice in replicas.VOICES}:
        raise invalid("Invalid voice_name")
    return {"voice_name": name} if name else {}


def texts(request: dict[str, Any]) -> list[str]:
    """Return the texts that can contain simulation words."""
    return [request.get(name, "") for name in ("replica_name", "train_video_url", "train_image_url")]


def ends_at(request: dict[str, Any], begun: datetime) -> datetime:
    """Return when the training succeeds or fails."""
    whole = _seconds(request)
    return begun + timedelta(seconds=whole * BREAKS_AT / 100 if failure(request) else whole)


def failure(request: dict[str, Any]) -> str:
    """Return the code in TRAINING_FAILURES with which this training ends, or ""."""
    if code := next((word.failure for word in training_words_in(*texts(request)) if word.failure), ""):
        return code
    given = {name: request[name] for name in FILE_TYPES if name in request}
    if not all(map(is_reachable, given.values())):
        return "unreachable"
    return "wrong_type" if any(is_other_type(url, FILE_TYPES[name]) for name, url in given.items()) else ""


def trained(replica_id: str, name: str, request: dict[str, Any], begun: datetime, now: datetime) -> Replica:
    """Return the replica that this request trains, at a time."""
    end, code, whole = ends_at(request, begun), failure(request), _seconds(request)
    waited = (now - begun).total_seconds()
    progress = min(BREAKS_AT if code else 100, int(100 * waited / whole) if whole else 100)
    status = "started" if now < end else "error" if code else "completed"
    return Replica(
        replica_id,
        name,
        replicas.appearance_of(replica_id),
        "user",
        begun,
        status=status,
        progress=progress,
        error_message=TRAINING_FAILURES[code] if status == "error" else None,
        updated_at=min(now, end),
        training_until=end,
        fails=bool(code),
        model_name=request["model_name"],
    )


def _seconds(request: dict[str, Any]) -> float:
    words = training_words_in(*texts(request))
    return RENDERS * settings.SANDBOX_RENDER_SECONDS * prod(word.slower for word in words)
