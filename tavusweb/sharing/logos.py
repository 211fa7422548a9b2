"""Validate a logo and strip everything but the image: no text, location or embedded files.

PNG and JPEG. SVG is refused because it can run scripts and load resources.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST = 200 * 1024  # bytes
SMALLEST_SIDE, LONGEST_SIDE = 16, 2000  # pixels

PNG = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"IDAT", b"IEND"}
JPEG = b"\xff\xd8\xff"
JPEG_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended and progressive; browsers show no others
JPEG_KEPT = JPEG_FRAMES | {0xC4, 0xDB, 0xDD, 0xE0, 0xEE}  # tables, JFIF, and Adobe's note of the colours
SCAN, END = 0xDA, 0xD9


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    content_type: str
    width: int
    height: int


class Broken(Exception):
    """The bytes don't match the format they start with."""


def read(content: bytes) -> Picture:
    """Return the image without metadata. Raises ValidationError."""
    if len(content) > LARGEST:
        raise ValidationError(
            _("This picture is too large. The limit is %(limit)d KB."), params={"limit": LARGEST // 1024}
        )
    try:
        if content.startswith(PNG):
            picture = _png(content)
        elif content.startswith(JPEG):
            picture = _jpeg(content)
        else:
            raise ValidationError(_("Use a PNG or JPEG picture. SVG files can contain scripts."))
    except (Broken, struct.error, IndexError):
        raise ValidationError(_("This picture is damaged. Save it again as PNG or JPEG.")) from None
    if not all(SMALLEST_SIDE <= side <= LONGEST_SIDE for side in (picture.width, picture.height)):
        limits = {"least": SMALLEST_SIDE, "most": LONGEST_SIDE}
        raise ValidationError(_("Use a picture of %(least)d to %(most)d pixels in width and height."), params=limits)
    return picture


def _png(content: bytes) -> Picture:
    kept, size = [PNG], (0, 0)
    names = []
    for name, body, whole in _chunks(content):
        names.append(name)
        if name == b"IHDR":
            size = struct.unpack(">II", body[:8])
        if name in PNG_CHUNKS:
            kept.append(whole)
        elif name[0:1].isupper():  # a picture cannot be shown without a chunk that is critical
            raise Broken
    if names[:1] != [b"IHDR"] or names.count(b"IHDR") > 1 or b"IDAT" not in names or names[-1] != b"IEND":
        raise Broken
    return Picture(b"".join(kept), "image/png", *size)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    at = len(PNG)
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        end = at + 12 + length
        name, body = content[at + 4 : at + 8], content[at + 8 : end - 4]
        (checksum,) = struct.unpack(">I", content[end - 4 : end])
        if zlib.crc32(name + body) != checksum:
            raise Broken
        yield name, body, content[at:end]
        if name == b"IEND":
            return  # whatever follows is no part of the picture
        at = end
    raise Broken


def _jpeg(content: bytes) -> Picture:
    kept, size, at = [content[:2]], (0, 0), 2
    while True:
        if content[at] != 0xFF:
            raise Broken
        marker = content[at + 1]
        if marker == END:
            break
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        end = at + 2 + length
        if length < 2 or end > len(content):
            raise Broken
        if marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            size = (width, height)
        elif marker == SCAN:
            end = _end_of_scan(content, end)
        elif marker not in JPEG_KEPT and not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            raise Broken
        if marker in JPEG_KEPT or marker == SCAN:
            kept.append(content[at:end])
        at = end
    if len(kept) < 3 or size == (0, 0):
        raise Broken
    return Picture(b"".join([*kept, b"\xff\xd9"]), "image/jpeg", *size)


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker begins: in a scan, FF is followed by 00 or by a restart marker."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise Broken
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7 and content[at + 1] != 0xFF:
            return at
        at += 1 if content[at + 1] == 0xFF else 2
