"""Validate POST /v2/videos as strictly as Tavus does immediately; other errors appear later (lifecycle.py)."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from tavusweb.sandbox import responses
from tavusweb.sandbox.responses import Refused, invalid

TEXTS = (
    "replica_id",
    "script",
    "audio_url",
    "video_name",
    "callback_url",
    "background_url",
    "background_source_url",
    "watermark_image_url",
)
SWITCHES = ("fast", "transparent_background")
PROPERTY_SWITCHES = ("background_scroll", "start_with_wave")
PROPERTY_CHOICES = {
    "background_scroll_type": {"human", "smooth"},
    "background_scroll_depth": {"middle", "bottom"},
    "background_scroll_return": {"return", "halt"},
}


def json_object(request: HttpRequest) -> dict[str, Any]:
    """Parse the request body, which must be a JSON object within the size limit."""
    try:
        body = request.body
    except RequestDataTooBig:
        raise Refused(responses.TOO_LARGE) from None
    if len(body) > responses.MAX_BODY:
        raise Refused(responses.TOO_LARGE)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise invalid("Invalid JSON") from None
    if not isinstance(content, dict):
        raise invalid("Invalid JSON")
    return {name: value for name, value in content.items() if value is not None}


def text_field(content: dict[str, Any], name: str) -> str:
    value = content.get(name, "")
    # No database stores a lone surrogate, and PostgreSQL stores no NUL.
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise invalid(f"Invalid {name}")
    return value


def name_field(content: dict[str, Any], name: str) -> str:
    """Return the new name in a PATCH, which must not be blank."""
    text = text_field(content, name)
    if not text.strip():
        raise invalid(f"Invalid {name}")
    return text


def read(content: dict[str, Any]) -> dict[str, Any]:
    """Return the request with only its known, non-empty fields."""
    asked: dict[str, Any] = {name: text for name in TEXTS if (text := text_field(content, name))}
    asked.setdefault("replica_id", text_field(content, "face_id"))
    asked |= switches(content, SWITCHES)
    properties = content.get("properties", {})
    if not isinstance(properties, dict):
        raise invalid("Invalid properties")
    if details := _properties(properties):
        asked["properties"] = details
    if ("script" in asked) == ("audio_url" in asked):
        raise invalid("Exactly one of script and audio_url must be provided")
    if asked.get("transparent_background") and not asked.get("fast"):
        raise invalid("transparent_background is only supported when fast is true")
    return asked


def _properties(properties: dict[str, Any]) -> dict[str, Any]:
    present = {name: value for name, value in properties.items() if value is not None}
    for name, choices in PROPERTY_CHOICES.items():
        if name in present and text_field(present, name) not in choices:
            raise invalid(f"Invalid properties.{name}")
    return switches(present, PROPERTY_SWITCHES) | {name: present[name] for name in PROPERTY_CHOICES if name in present}


def switches(content: dict[str, Any], names: tuple[str, ...]) -> dict[str, bool]:
    """Return those of the named boolean fields that are given."""
    for name in names:
        if not isinstance(content.get(name, False), bool):
            raise invalid(f"Invalid {name}")
    return {name: content[name] for name in names if name in content}
