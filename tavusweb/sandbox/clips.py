"""The bundled pictures and clips of static/sandbox/presenters, and how they are sent."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static

CONTENT_TYPES = {"mp4": "video/mp4", "webm": "video/webm"}
PLAYLIST_TYPE = "application/vnd.apple.mpegurl"


def address(file: str) -> str:
    """Where the web server itself serves a bundled file, with ranges and long caching."""
    return static(f"sandbox/presenters/{file}")


def read(file: str) -> bytes:
    """A bundled file, whole: none is larger than 64 KB."""
    found = finders.find(f"sandbox/presenters/{file}")
    if not isinstance(found, str):
        raise Http404
    return Path(found).read_bytes()


def playlist(look: str) -> str:
    """The HLS playlist of a presenter, its segments named as they are served here."""
    lines = read(f"{look}.m3u8").decode().splitlines()
    return "\n".join(line if line.startswith("#") else address(line) for line in lines) + "\n"


def ranged(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """The content, or the one range of it that was asked for (Safari plays nothing without)."""
    size = len(content)
    asked = re.fullmatch(r"bytes=(\d{0,12})-(\d{0,12})", request.headers.get("Range", ""))
    # Without an ETag of ours, an If-Range can only ask for the whole.
    if not asked or not any(asked.groups()) or "If-Range" in request.headers:
        return HttpResponse(content, content_type=content_type, headers={"Accept-Ranges": "bytes"})
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {start}-{end}/{size}"}
    return HttpResponse(content[start : end + 1], status=206, content_type=content_type, headers=headers)
