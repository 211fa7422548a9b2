from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import TextField
from tavusweb.text_policy import fold

from .choices import Choices, known_zones
from .kinds import GROUPS, Cadence, Kind


class NotificationsForm(forms.Form):
    """Notification preferences: three fields per kind, plus the language and time zone of mails."""

    language = forms.ChoiceField(label=_("Language of emails"), choices=settings.LANGUAGES)
    time_zone = TextField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("For dates in emails, and for digests at 8 in the morning. Type a city to search."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, user: Any) -> None:
        self.user = user
        chosen = Choices.of(user)
        initial = {
            "language": user.language or settings.LANGUAGE_CODE,
            "time_zone": user.time_zone or settings.TIME_ZONE,
        }
        super().__init__(data, initial=initial)
        for kind in Kind:
            self.fields[f"{kind}-mail"] = forms.ChoiceField(
                label=_("Email"), choices=Cadence.choices, initial=chosen.mail(kind), required=False
            )
            self.fields[f"{kind}-in_app"] = forms.BooleanField(
                label=_("Inbox"), initial=chosen.in_app(kind), required=False
            )
            self.fields[f"{kind}-in_browser"] = forms.BooleanField(
                label=_("Browser"), initial=chosen.in_browser(kind), required=False
            )

    @property
    def zones(self) -> tuple[str, ...]:
        return known_zones()

    def groups(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Return the table's rows, by group."""
        for group, kinds in GROUPS.items():
            yield (
                str(group.label),
                [
                    {"kind": kind, "label": kind.label} | {name: self[f"{kind}-{name}"] for name in FIELDS}
                    for kind in kinds
                ],
            )

    def clean_time_zone(self) -> str:
        """Accept a zone name in any case, with spaces for underscores."""
        typed = fold(str(self.cleaned_data["time_zone"]).strip().replace(" ", "_"))
        if not typed:
            return ""
        for zone in known_zones():
            if typed in {fold(zone), fold(zone).rpartition("/")[2]}:
                return zone
        raise forms.ValidationError(_("Choose a time zone from the list, such as Europe/Berlin."), code="unknown")

    def choices(self) -> dict[str, dict[str, Any]]:
        """Return the chosen preferences by kind."""
        cleaned = self.cleaned_data
        return {
            kind: {
                "mail": cleaned[f"{kind}-mail"] or Cadence.OFF,
                "in_app": cleaned[f"{kind}-in_app"],
                "in_browser": cleaned[f"{kind}-in_browser"],
            }
            for kind in Kind
        }


FIELDS = ("mail", "in_app", "in_browser")
