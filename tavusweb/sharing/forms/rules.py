"""Form for the rules of one share link. An empty form creates a link that anyone can open until it is revoked."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.adapters import sends_mail
from tavusweb.forms import PasswordField, TextField, WebAddressField

from ..link_policy import LinkPolicy
from ..models import ShareLink
from ..visitor_policy import CommentRule, EmailRule, Rules

LONGEST_LIST = 200  # addresses or sites
MOST_VIEWS = 1_000_000
NO_POLICY = LinkPolicy()
IN_FULL = frozenset({"expires", "email_rule", "comments"})  # selects, which a whole form always sends


class Expiry(models.TextChoices):
    NEVER = "never", _("Never")
    WEEK = "7", _("In 7 days")
    MONTH = "30", _("In 30 days")
    DATE = "date", _("On a date")


class OnOff(models.TextChoices):
    OFF = "", _("Off")
    ON = "on", _("On")


class LinesField(TextField):
    """One entry per line, cleaned to distinct lower-case entries."""

    def __init__(self, *, check: Any, **kwargs: Any) -> None:
        self.check = check
        widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"})
        super().__init__(is_long=True, required=False, max_length=20_000, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        entries = dict.fromkeys(line for line in super().clean(value).lower().replace(",", "\n").split())
        if len(entries) > LONGEST_LIST:
            raise ValidationError(_("Use at most %(limit)d entries."), params={"limit": LONGEST_LIST})
        return "\n".join(dict.fromkeys(self.check(entry) for entry in entries))


def address_or_domain(entry: str) -> str:
    try:
        validate_email(entry if not entry.startswith("@") else f"somebody{entry}")
    except ValidationError:
        words = _("“%(entry)s” is neither an email address nor an @domain.")
        raise ValidationError(words, params={"entry": entry}) from None
    return entry


def origin(entry: str) -> str:
    """Return a site as an origin, such as https://example.com."""
    address = entry if "://" in entry else f"https://{entry}"
    try:
        parts = urlsplit(address)
        is_site = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port is not False
    except ValueError:
        is_site = False
    if not is_site or "*" in entry or any(letter in parts.netloc for letter in "@;,'\""):
        words = _("“%(entry)s” isn’t a site. Enter sites like https://example.com.")
        raise ValidationError(words, params={"entry": entry})
    return f"{parts.scheme}://{parts.netloc}"


GROUPS = (
    ("", ("name", "expires", "expiry_date")),
    (_("Who can watch"), ("password", "view_limit", "email_rule", "allowed_addresses", "denied_addresses")),
    (
        _("What viewers see and do"),
        ("note", "comments", "approval", "call_to_action", "call_to_action_url", "shows_transcript", "allow_download"),
    ),
    (_("Embedding"), ("embed_sites",)),
)


class NewPasswordInput(forms.PasswordInput):
    """Visible while it is typed, since it will be told to others; never shown again, not even in a rejected form."""

    input_type = "text"


class RulesForm(forms.Form):
    """Create a link or change one; for an existing link, an empty password keeps the current one."""

    name = TextField(label=_("Name"), max_length=80, required=False)
    note = TextField(
        label=_("Note to the viewer"), max_length=500, required=False, is_long=True, widget=forms.Textarea({"rows": 2})
    )
    expires = forms.ChoiceField(label=_("Expires"), choices=Expiry.choices, required=False)
    expiry_date = forms.DateField(
        label=_("Expiry date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    view_limit = forms.IntegerField(label=_("View limit"), required=False, min_value=1, max_value=MOST_VIEWS)
    password = PasswordField(
        label=_("Password"),
        required=False,
        min_length=8,
        max_length=100,
        error_messages={"min_length": _("Use at least 8 characters.")},
        help_text=_("Use at least 8 characters. Send it separately from the link. You won’t see it again."),
        widget=NewPasswordInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    email_rule = forms.ChoiceField(label=_("Require email"), choices=EmailRule.choices, required=False)
    allowed_addresses = LinesField(
        label=_("Allowed addresses"), check=address_or_domain, help_text=_("Addresses or @domains, one a line.")
    )
    denied_addresses = LinesField(
        label=_("Denied addresses"), check=address_or_domain, help_text=_("Addresses or @domains, one a line.")
    )
    comments = forms.ChoiceField(label=_("Comments"), choices=CommentRule.choices, required=False)
    approval = forms.ChoiceField(label=_("Approval"), choices=OnOff.choices, required=False)
    shows_transcript = forms.BooleanField(
        label=_("Show the transcript"),
        required=False,
        help_text=_("The captions as text; without captions, the script."),
    )
    allow_download = forms.BooleanField(
        label=_("Allow download"),
        required=False,
        help_text=_("Off hides the button. It can’t keep viewers from saving what they watch."),
    )
    call_to_action = TextField(label=_("Call to action"), max_length=60, required=False)
    call_to_action_url = WebAddressField(label=_("Call to action URL"))
    embed_sites = LinesField(
        label=_("Allowed sites"), check=origin, help_text=_("Sites that may embed the video, one a line.")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        link: ShareLink | None = None,
        policy: LinkPolicy = NO_POLICY,
        start: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Build the form. `start` holds a new link's initial values, which also replace fields that a POST leaves out."""
        self.link, self.policy = link, policy
        initial = initial_of(link) if link else start or {}
        if data is not None and link is None and not IN_FULL.issubset(data):
            data = initial | dict(data.items())
        super().__init__(data, initial=initial, **kwargs)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields grouped under the form's headings. The first group has none."""
        return [(str(title), [self[name] for name in names if name in self.fields]) for title, names in GROUPS]

    def clean_email_rule(self) -> str:
        rule = self.cleaned_data["email_rule"] or EmailRule.NO
        if rule == EmailRule.CONFIRMED and not sends_mail():
            raise ValidationError(_("This server can’t send email, so it can’t send codes."))
        return str(rule)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        chosen, date = cleaned.get("expires"), cleaned.get("expiry_date")
        if chosen == Expiry.DATE and not date and "expiry_date" not in self.errors:
            self.add_error("expiry_date", _("Enter the date."))
        elif date and chosen == Expiry.DATE and date < timezone.localdate():
            self.add_error("expiry_date", _("Enter a date in the future."))
        self._pair("call_to_action", "call_to_action_url", _("Enter the button’s text."), _("Enter the button’s URL."))
        has_lists = cleaned.get("allowed_addresses") or cleaned.get("denied_addresses")
        if has_lists and cleaned.get("email_rule") == EmailRule.NO:
            self.add_error("email_rule", _("Addresses are only checked when an email is required."))
        if not self.errors:
            for part, words in self.policy.problems(self._rules(), timezone.now()).items():
                self.add_error(part.value, words)
        return cleaned

    def _rules(self) -> Rules:
        """Return the rules of this form that a policy can restrict."""
        cleaned = self.cleaned_data
        keeps_password = bool(self.link and self.link.has_password) and "remove_password" not in self.data
        return Rules(
            expires_at=self._expires_at(),
            has_password=bool(cleaned["password"]) or keeps_password,
            email=EmailRule(cleaned["email_rule"]),
            comments=CommentRule(cleaned["comments"] or CommentRule.OFF),
            download=cleaned["allow_download"],
        )

    def _pair(self, first: str, second: str, first_missing: Any, second_missing: Any) -> None:
        if {first, second} & set(self.errors):
            return
        has_first, has_second = bool(self.cleaned_data.get(first)), bool(self.cleaned_data.get(second))
        if has_first and not has_second:
            self.add_error(second, second_missing)
        elif has_second and not has_first:
            self.add_error(first, first_missing)

    def fields_of_link(self) -> dict[str, Any]:
        """Return the link's columns, without the password, which is hashed separately."""
        cleaned = self.cleaned_data
        plain = (
            "name",
            "note",
            "view_limit",
            "email_rule",
            "allowed_addresses",
            "denied_addresses",
            "shows_transcript",
            "allow_download",
            "call_to_action",
            "call_to_action_url",
            "embed_sites",
        )
        return {name: cleaned[name] for name in plain if name in cleaned} | {
            "comments": cleaned["comments"] or CommentRule.OFF,
            "approval": cleaned["approval"] == OnOff.ON,
            "expires_at": self._expires_at(),
        }

    def _expires_at(self) -> datetime | None:
        """Return the end of the last day in the workspace's time zone."""
        match self.cleaned_data["expires"]:
            case Expiry.WEEK | Expiry.MONTH as days:
                return timezone.now() + timedelta(days=int(days))
            case Expiry.DATE:
                last = datetime.combine(self.cleaned_data["expiry_date"], time.max.replace(microsecond=0))
                return timezone.make_aware(last)
        return None


def initial_of(link: ShareLink) -> dict[str, Any]:
    names: Iterable[str] = (name for name in RulesForm.base_fields if hasattr(link, name))
    values = {name: getattr(link, name) for name in names}
    return values | {
        "approval": OnOff.ON if link.approval else OnOff.OFF,
        "expires": Expiry.DATE if link.expires_at else Expiry.NEVER,
        "expiry_date": timezone.localtime(link.expires_at).date() if link.expires_at else None,
    }
