"""Serve the bundled pictures and clips in static/sandbox/presenters."""

import re
import textwrap
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.html import escape

CONTENT_TYPES = {"mp4": "video/mp4", "webm": "video/webm"}
PLAYLIST_TYPE = "application/vnd.apple.mpegurl"


def address(file: str) -> str:
    """Return the static URL of a bundled file, which supports ranges and long caching."""
    return static(f"sandbox/presenters/{file}")


def read(file: str) -> bytes:
    """Read a complete bundled file; none is larger than 64 KB."""
    path = finders.find(f"sandbox/presenters/{file}")
    if not isinstance(path, str):
        raise FileNotFoundError(file)
    return Path(path).read_bytes()


def playlist(appearance: str) -> str:
    """Return a presenter's HLS playlist with the URLs of its segments."""
    lines = read(f"{appearance}.m3u8").decode().splitlines()
    return "\n".join(line if line.startswith("#") else address(line) for line in lines) + "\n"


def captions(script: str) -> str:
    """Return the start of a script as WebVTT: up to four captions over the clip's six seconds."""
    pieces = textwrap.wrap(" ".join(script.split()), 56)[:4] or ["♪"]
    each = 6 / len(pieces)
    cues = (
        f"00:{place * each:06.3f} --> 00:{(place + 1) * each:06.3f}\n{escape(piece)}"
        for place, piece in enumerate(pieces)
    )
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def ranged(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """Return the content or the single requested range of it. Safari plays nothing without ranges."""
    size = len(content)
    asked = re.fullmatch(r"bytes=(\d{0,12})-(\d{0,12})", request.headers.get("Range", ""))
    # We send no ETag, so an If-Range never matches: return everything.
    if not asked or not any(asked.groups()) or "If-Range" in request.headers:
        return HttpResponse(content, content_type=content_type, headers={"Accept-Ranges": "bytes"})
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {start}-{end}/{size}"}
    return HttpResponse(content[start : end + 1], status=206, content_type=content_type, headers=headers)
