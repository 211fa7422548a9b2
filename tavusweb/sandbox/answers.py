"""What the sandbox's API says when it says no, and how it writes dates."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from django.http import HttpResponse, JsonResponse


@dataclass(frozen=True)
class Answer:
    """A finished answer: a dict is sent as JSON, text as an HTML page."""

    status: int
    body: dict[str, str] | str
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        if isinstance(self.body, dict):
            return JsonResponse(self.body, status=self.status, headers=self.headers)
        return HttpResponse(self.body, status=self.status, headers=self.headers)


class Refused(Exception):
    """Ends a request with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def invalid(text: str) -> Refused:
    """A 400 as Tavus writes it."""
    return Refused(Answer(400, {"error": text}))


def rfc1123(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spaced(moment: datetime) -> str:
    """As callbacks write dates: 2024-08-28 15:27:40.824457, in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
