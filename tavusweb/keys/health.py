"""What can be wrong with an API key, in words, and how long it rests for it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import models

from tavusweb.backoff import pause_after


class Health(models.TextChoices):
    UNCHECKED = "unchecked", "Not checked yet"
    WORKS = "works", "Works"
    NOT_RECOGNISED = "not_recognised", "Not recognised"
    NOT_ALLOWED = "not_allowed", "Not allowed from here"
    OUT_OF_CREDITS = "out_of_credits", "Out of credits"
    RATE_LIMITED = "rate_limited", "Asked to slow down"
    UNREACHABLE = "unreachable", "Tavus not reached"
    UNREADABLE = "unreadable", "Cannot be opened"


ADVICE: dict[str, str] = {
    Health.UNCHECKED: "It is checked in the background; nothing to do.",
    Health.WORKS: "Tavus accepts this key.",
    Health.NOT_RECOGNISED: (
        "Tavus does not recognise this key. Copy it again from Tavus, or create a new one there and replace it here."
    ),
    Health.NOT_ALLOWED: (
        "Tavus knows this key but refuses it from this server's address. At Tavus, add the public IP address of this "
        "server to the key's list of allowed addresses, or use a key without such a list."
    ),
    Health.OUT_OF_CREDITS: (
        "The Tavus account has no credits left. Add credits at Tavus; waiting videos then go on by themselves."
    ),
    Health.RATE_LIMITED: "Tavus asked us to slow down. Work goes on by itself in a moment.",
    Health.UNREACHABLE: "Tavus could not be reached. The key is tried again by itself.",
    Health.UNREADABLE: (
        "The stored key cannot be opened with this server's FIELD_KEYS. Paste the key again, or ask the operator to "
        "restore the key ring."
    ),
}


@dataclass(frozen=True)
class Rest:
    """How long a key rests after one kind of trouble; the first pause doubles with each repetition."""

    first: timedelta
    longest: timedelta
    stops_polling: bool

    def after(self, failures: int) -> timedelta:
        first, longest = self.first.total_seconds(), self.longest.total_seconds()
        return timedelta(seconds=pause_after(failures, first=first, longest=longest))


RESTS: dict[str, Rest] = {
    Health.NOT_RECOGNISED: Rest(timedelta(seconds=30), timedelta(minutes=15), stops_polling=True),
    Health.NOT_ALLOWED: Rest(timedelta(seconds=30), timedelta(minutes=15), stops_polling=True),
    Health.OUT_OF_CREDITS: Rest(timedelta(seconds=30), timedelta(minutes=10), stops_polling=False),
    Health.RATE_LIMITED: Rest(timedelta(seconds=5), timedelta(minutes=5), stops_polling=True),
    Health.UNREACHABLE: Rest(timedelta(seconds=3), timedelta(seconds=30), stops_polling=True),
    Health.UNREADABLE: Rest(timedelta(minutes=1), timedelta(minutes=15), stops_polling=True),
}
