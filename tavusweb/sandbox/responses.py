"""Error responses and date formats of the sandbox's API."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from django.http import HttpResponse, JsonResponse


@dataclass(frozen=True)
class Answer:
    """A prepared response: a dict is sent as JSON, a string as an HTML page."""

    status: int
    body: dict[str, str] | str
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        if isinstance(self.body, dict):
            return JsonResponse(self.body, status=self.status, headers=self.headers)
        return HttpResponse(self.body, status=self.status, headers=self.headers)


class Refused(Exception):
    """End the request with this response."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def invalid(text: str) -> Refused:
    """Make a 400 in Tavus's format."""
    return Refused(Answer(400, {"error": text}))


def rfc1123(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spaced(moment: datetime) -> str:
    """Format a date as callbacks do: 2024-08-28 15:27:40.824457, in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


# --- Responses with undocumented bodies -----------------------------------------------------------

OUT_OF_CREDITS = Answer(402, {"message": "Your account is out of credits. Add credits or upgrade your plan."})
NOT_ALLOWED = Answer(403, {"message": "Forbidden: this IP address is not allowed to use this API key"})
NOT_FOUND = Answer(404, {"message": "Not Found"})
METHOD_NOT_ALLOWED = {"message": "Method Not Allowed"}
TOO_LARGE = Answer(413, {"message": "Request entity too large"})
TOO_MANY = {"message": "Too Many Requests"}
# Only the beginning of the sentence is documented.
TOO_MANY_AT_ONCE = Answer(400, {"message": "User has reached maximum concurrent video generations"})
BAD_GATEWAY = Answer(502, "<html><body><h1>502 Bad Gateway</h1></body></html>")
DOWN = Answer(503, "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>")

# --- Limits --------------------------------------------------------------------------------------

MAX_BODY = 256 * 1024  # bytes of one request
DEFAULT_LIMIT = 10  # of a list; documented for videos, assumed for replicas
MAX_LIMIT = 100  # a larger `limit` is lowered silently
# --- Other choices --------------------------------------------------------------------------------
# Lists are newest first. A soft-deleted video stays in the list as `deleted`, without links to its
# files; after `hard=true` its id is invalid and in no list. A deleted replica is gone either way;
# its videos stay, except that those waiting for its training fail.
# Pages of replicas, faces and voices are numbered from 1, and page 0 repeats page 1.
# DELETE answers 200 with an empty object and may be repeated. PATCH …/name answers with the record.
# A wrong type, an unknown enumeration value, or a `limit` or `page` that is not a whole number is 400.
# Unknown fields are ignored, and null means absent.
# An unreachable URL, or `fast` with a background, is reported only once rendering begins.
# `generation_progress` is "0/100" in the queue and stays where it was when a video fails.
# A face is a replica: `/v2/faces` mirrors `/v2/replicas`, and a POST may use `face_id`.
# A training accepts `voice_name` without a photo too. Stock replicas cannot be renamed or deleted.
# Voices are sorted by name; `sort=desc` reverses the order, and other values are ignored.
