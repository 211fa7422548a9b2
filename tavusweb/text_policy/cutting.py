"""Cut text only between the characters that people see."""

import re
import unicodedata

from .stored import category

_PREPENDED = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
_GLUED_ON = re.compile("[\u200c\u200d\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_GLUES = re.compile(f"[\u200d{_PREPENDED}]")
_LEADING_JAMO, _LATER_JAMO = re.compile("[\u1100-\u115f\ua960-\ua97c]"), re.compile("[\u1160-\u11ff\ud7b0-\ud7fb]")
_HANGUL = re.compile("[\u1100-\u11ff\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb]")
_REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]")
_VIRAMA = 9


def cut(text: str, limit: int, *, end: str = "") -> str:
    """Cut a text to `limit` characters including `end`, never inside a character that people see."""
    if len(text) <= limit:
        return text
    room = max(limit - len(end), 0)
    start = text[: _boundary(text, room) or room]
    return start.rstrip() + end if end else start


def cut_bytes(text: str, limit: int) -> str:
    """Cut a text to `limit` bytes of UTF-8."""
    fits = text.encode(errors="ignore")[:limit].decode(errors="ignore")
    return fits if fits == text else text[: _boundary(text, len(fits)) or len(fits)]


def initial(text: str) -> str:
    """Return the first character that people see."""
    return next((text[:at] for at in range(1, len(text)) if is_boundary(text, at)), text)


def _boundary(text: str, at: int) -> int:
    """Return the last position up to `at` where a text can be cut."""
    return next(place for place in range(at, -1, -1) if is_boundary(text, place))


def is_boundary(text: str, at: int) -> bool:
    if at in {0, len(text)}:
        return True
    before, after = text[at - 1], text[at]
    if category(after)[0] == "M" or _GLUED_ON.match(after) or _GLUES.match(before) or before + after == "\r\n":
        return False
    if _LATER_JAMO.match(after) and _HANGUL.match(before):
        return False
    if _LEADING_JAMO.match(before) and _HANGUL.match(after):
        return False
    if unicodedata.combining(before) == _VIRAMA and category(after) == "Lo":
        return False
    flags = 0
    while flags < at and _REGIONAL.match(text[at - 1 - flags]):
        flags += 1
    return not (flags % 2 and _REGIONAL.match(after))
