"""The health of an API key: its states in words, and how long the key rests in each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from tavusweb.backoff import pause_after

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Health(models.TextChoices):
    UNCHECKED = "unchecked", _("Not checked yet")
    WORKS = "works", _("Works")
    NOT_RECOGNISED = "not_recognised", _("Not recognised")
    NOT_ALLOWED = "not_allowed", _("Not allowed from here")
    OUT_OF_CREDITS = "out_of_credits", _("Out of credits")
    RATE_LIMITED = "rate_limited", _("Rate limited")
    UNREACHABLE = "unreachable", _("Tavus unreachable")
    UNREADABLE = "unreadable", _("Cannot be opened")


ADVICE: "dict[str, StrOrPromise]" = {
    Health.UNCHECKED: _("The key is checked in the background. Nothing to do."),
    Health.WORKS: _("Tavus accepts this key."),
    Health.NOT_RECOGNISED: _(
        "Tavus doesn’t recognise this key. Copy it again from Tavus, or create a new key there and replace it here."
    ),
    Health.NOT_ALLOWED: _(
        "Tavus knows this key but refuses it from this server’s address. At Tavus, add the public IP address of this "
        "server to the key’s list of allowed addresses, or use a key without such a list."
    ),
    Health.OUT_OF_CREDITS: _(
        "Your Tavus account is out of credits. Waiting videos will be sent when credits are added."
    ),
    Health.RATE_LIMITED: _("Tavus asked us to slow down. Sending resumes automatically."),
    Health.UNREACHABLE: _("Couldn’t reach Tavus. We’ll check the key again automatically."),
    Health.UNREADABLE: _(
        "The stored key can’t be opened with this server’s FIELD_KEYS. Paste the key again, or ask the operator to "
        "restore the key ring."
    ),
}


@dataclass(frozen=True)
class RestPolicy:
    """How long a key rests after one kind of trouble; the first pause doubles with each repetition."""

    first: timedelta
    longest: timedelta
    stops_polling: bool

    def after(self, failures: int) -> timedelta:
        first, longest = self.first.total_seconds(), self.longest.total_seconds()
        return timedelta(seconds=pause_after(failures, first=first, longest=longest))


REST_POLICIES: dict[str, RestPolicy] = {
    Health.NOT_RECOGNISED: RestPolicy(timedelta(seconds=30), timedelta(minutes=15), stops_polling=True),
    Health.NOT_ALLOWED: RestPolicy(timedelta(seconds=30), timedelta(minutes=15), stops_polling=True),
    Health.OUT_OF_CREDITS: RestPolicy(timedelta(seconds=30), timedelta(minutes=10), stops_polling=False),
    Health.RATE_LIMITED: RestPolicy(timedelta(seconds=5), timedelta(minutes=5), stops_polling=True),
    Health.UNREACHABLE: RestPolicy(timedelta(seconds=3), timedelta(seconds=30), stops_polling=True),
    Health.UNREADABLE: RestPolicy(timedelta(minutes=1), timedelta(minutes=15), stops_polling=True),
}
