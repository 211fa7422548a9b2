"""Forms for mailing a share link and for creating personal links."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.adapters import sends_mail
from tavusweb.forms import TextField

from ..models.delivery import LONGEST_NOTE
from ..recipients import MOST, Recipient, read_recipients

MOST_PROBLEMS = 10  # named at once
MOST_ADDRESSES = 50  # of one link


class MailForm(forms.Form):
    """A message and its language, for people outside the workspace."""

    mail_note = TextField(
        label=_("Message"),
        max_length=LONGEST_NOTE,
        required=False,
        is_long=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"language": get_language() or "en"})
        super().__init__(*args, **kwargs)

    def mail(self) -> dict[str, str]:
        return {"note": self.cleaned_data["mail_note"], "language": self.cleaned_data["language"] or "en"}


def recipients_field(help_text: Any) -> TextField:
    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "off"})
    return TextField(
        label=_("Recipients"),
        is_long=True,
        max_length=100_000,
        help_text=help_text,
        widget=widget,
        error_messages={"required": _("Enter at least one recipient.")},
    )


def people_in(text: str, *, needs_email: bool, limit: int) -> list[Recipient]:
    """Parse a list of recipients. Raises ValidationError naming the unreadable lines."""
    found = read_recipients(text, needs_email=needs_email)
    if len(found.people) > limit and not found.problems:
        raise ValidationError(_("Use at most %(limit)d addresses."), params={"limit": limit})
    if found.problems:
        raise ValidationError(found.problems[:MOST_PROBLEMS])
    if not found.people:
        raise ValidationError(_("Enter at least one recipient."))
    return found.people


class SendForm(MailForm):
    recipients = recipients_field(_("Email addresses, one a line."))
    field_order = ("recipients", "mail_note", "language")

    def clean_recipients(self) -> list[str]:
        text = self.cleaned_data["recipients"]
        return [person.email for person in people_in(text, needs_email=True, limit=MOST_ADDRESSES)]


class PersonalForm(MailForm):
    """Recipients who each get a link of their own."""

    recipients = recipients_field(_("Names or email addresses, one a line, such as “Ada &lt;ada@example.com&gt;”."))
    is_gated = forms.BooleanField(label=_("Only open for the recipient’s email, confirmed by a code"), required=False)
    is_mailed = forms.BooleanField(label=_("Email each link to its recipient"), required=False)
    field_order = ("recipients", "is_gated", "is_mailed", "mail_note", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sends_mail():
            for name in ("is_gated", "is_mailed", "mail_note", "language"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "recipients" in cleaned:
            try:
                needs_email = bool(cleaned.get("is_gated") or cleaned.get("is_mailed"))
                cleaned["people"] = people_in(cleaned["recipients"], needs_email=needs_email, limit=MOST)
            except ValidationError as error:
                self.add_error("recipients", error)
        return cleaned

    def mail(self) -> dict[str, str]:
        return super().mail() if self.cleaned_data.get("is_mailed") else {}
