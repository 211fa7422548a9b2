"""The states of an API key's health, and what to do about each, in words."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Health(models.TextChoices):
    UNCHECKED = "unchecked", _("Not checked yet")
    WORKS = "works", _("Works")
    NOT_RECOGNISED = "not_recognised", _("Not recognised")
    NOT_ALLOWED = "not_allowed", _("Not allowed from this server")
    OUT_OF_CREDITS = "out_of_credits", _("Out of credits")
    RATE_LIMITED = "rate_limited", _("Rate limited")
    UNREACHABLE = "unreachable", _("Tavus unreachable")
    UNREADABLE = "unreadable", _("Can’t be decrypted")


LOST = frozenset({Health.NOT_RECOGNISED, Health.UNREADABLE})  # nothing can be asked with such a secret


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
        "The stored key can’t be decrypted with this server’s FIELD_KEYS. Paste the key again, or ask the operator to "
        "restore the key ring."
    ),
}
