"""Turn an HTTP response into its JSON object or the error that it means."""

import json
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from tavusweb.tavus.errors import (
    InvalidRequest,
    NotAllowed,
    NotFound,
    NotRecognised,
    OutOfCredits,
    RateLimited,
    SlotsFull,
    TavusError,
    Unclear,
    Unreachable,
)
from tavusweb.tavus.parsing import parse_date
from tavusweb.tavus.text import LONGEST_TEXT, message_in, one_line

LONGEST_WAIT = 3600.0  # seconds; a longer Retry-After is taken for a mistake
LONGEST_PAGE = 65_536  # bytes; of a longer error only the start is read, as text instead of JSON
LONGEST_HEADER = 100  # characters

REFUSALS = {401: NotRecognised, 402: OutOfCredits, 403: NotAllowed, 429: RateLimited}
# Sent by intermediaries about the connection, not by Tavus about the request: nothing reached Tavus.
TURNED_AWAY = {407, 421, 425}
# Sent after a timeout: whether Tavus received the request is unknown.
GAVE_UP = {408, 499}

# Undocumented: Tavus shows one example, "User has reached maximum concurrent ..."; assumed to vary after the stem.
SLOTS_FULL = re.compile(r"\bconcurren(t|cy)", re.IGNORECASE)
# An id that the account does not own is a 400 at Tavus, not a 404: {"error": "Invalid video_id"}.
UNKNOWN_ID = re.compile(r"\binvalid (video|replica|face)[ _]?(id|uuid)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Response:
    """One complete response. Its repr shows nothing that the provider may have echoed."""

    status_code: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    def json_object(self) -> dict[str, object]:
        """Parse the body as a JSON object; ValueError for anything else."""
        try:
            value = json.loads(self.body)
        except RecursionError:
            raise ValueError("JSON nested too deeply") from None
        if not isinstance(value, dict):
            raise ValueError("not a JSON object")
        return value

    def message(self) -> str:
        """Return the provider's message as one line of plain text, or ""."""
        if len(self.body) <= LONGEST_PAGE:
            try:
                return one_line(message_in(json.loads(self.body)))
            except (ValueError, RecursionError):
                pass
        return one_line(self.body[:LONGEST_TEXT].decode(errors="replace"))

    def retry_after(self) -> float | None:
        """Return the seconds in `Retry-After`, from 0 to 3600; None if absent or unreadable.

        A date is compared with the response's own `Date`, so a wrong clock here does no harm.
        """
        value = self.headers.get("retry-after", "")
        if len(value) > LONGEST_HEADER:
            return None
        try:
            seconds = float(value)
        except ValueError:
            until = parse_date(value)
            if until is None:
                return None
            now = parse_date(self.headers.get("date")) or datetime.now(UTC)
            seconds = (until - now).total_seconds()
        return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_WAIT)


def error_in(answer: Response, message: str, *, looked_up: bool) -> TavusError:
    """Return the error for a response other than 2xx; `message` is the provider's message in it.

    `looked_up` says that the request named one video or replica, so that an unknown id is NotFound;
    otherwise a 404 is about the URL.
    """
    kind = _kind_of(answer.status_code, message, looked_up=looked_up)
    return kind(message, status_code=answer.status_code, retry_after=answer.retry_after())


def _kind_of(code: int, message: str, *, looked_up: bool) -> type[TavusError]:
    if code in REFUSALS:
        return REFUSALS[code]
    if code in TURNED_AWAY:
        return Unreachable
    if code in GAVE_UP or not 400 <= code < 500:
        return Unclear
    if looked_up and (code == 404 or (code == 400 and UNKNOWN_ID.search(message))):
        return NotFound
    if code == 400 and SLOTS_FULL.search(message):
        return SlotsFull
    return InvalidRequest
