"""Parse one field of an untrusted response: return a value of the right type, or an empty one.

Only `required_id` raises. Every text is limited in length before it is parsed.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from tavusweb.tavus.text import message_in, one_line, printable

LONGEST_ID = 200  # characters; Tavus's are about 12
LONGEST_WORD = 50
LONGEST_LINE = 1000
LONGEST_URL = 4096
LONGEST_PORTION = 50
LONGEST_PROSE = 100_000  # twice the longest script we send
LARGEST_COUNT = 10**12

PORTION = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)\s?(?:/\s?(\d{1,9})|%)?", re.ASCII)
WEB_SCHEME = re.compile(r"https?://", re.IGNORECASE)
# White space, control characters, quotes, brackets, and the backslash, which browsers read as a slash.
NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x20\x7f\\\"'<>`]")


def either(fields: Mapping[str, object], *names: str) -> object:
    """Return the first non-empty value among several names of a field."""
    return next((fields[name] for name in names if fields.get(name)), None)


def required_id(value: object) -> str:
    """Return the id; ValueError without one, because such an item cannot be referred to."""
    # Not shortened: the start of an id would be another id.
    identity = one_line(value) if isinstance(value, str) and len(value) <= LONGEST_ID else ""
    if not identity or len(identity) > LONGEST_ID:
        raise ValueError("no id")
    return identity


def word(value: object) -> str:
    """Return a lower-case enumeration value, such as a status."""
    return line(value).lower()[:LONGEST_WORD] if isinstance(value, str) else ""


def line(value: object) -> str:
    """Return one line of text without markup; also reads objects such as {"message": "..."}."""
    return one_line(message_in(value))[:LONGEST_LINE]


def prose(value: object) -> str:
    """Return text with its line breaks. Its end is kept: the mark at the end of a name identifies a video."""
    return printable(value[-LONGEST_PROSE:]) if isinstance(value, str) else ""


def web_address(value: object) -> str:
    """Return an absolute http(s) URL without credentials, or "": a `javascript:` link never passes."""
    if not isinstance(value, str) or len(value) > LONGEST_URL:
        return ""
    url = value.strip()
    if not WEB_SCHEME.match(url) or NOT_IN_ADDRESS.search(url):
        return ""
    try:
        parts = urlsplit(url)
        return url if parts.hostname and "@" not in parts.netloc else ""
    except ValueError:
        return ""


def percent(value: object) -> int | None:
    """Return a progress from 0 to 100 read from "37/100", "37%", "37" or a number, or None."""
    if isinstance(value, str):
        match = PORTION.fullmatch(value.strip()) if len(value) <= LONGEST_PORTION else None
        if not match:
            return None
        part, whole = float(match[1]), float(match[2] or 100)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        part, whole = min(max(0, value), 100), 100  # clamp first: an int can exceed any float, and NaN becomes 0
    else:
        return None
    return int(min(max(part * 100 / whole, 0), 100)) if whole else None


def count(value: object) -> int | None:
    """Return a count, or None unless it is a whole number from 0 to 10**12."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_COUNT else None


LONGEST = 64  # characters; no date is longer, and longer text is not parsed


def parse_date(value: object) -> datetime | None:
    """Parse a date in any of the three formats into an aware UTC datetime; None for anything else."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return _as_utc(parse(value.strip()))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
