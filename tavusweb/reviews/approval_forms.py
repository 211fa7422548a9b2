"""Forms for members' decisions and approval requests."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import TextField

from .models.approval_request import MOST_REVIEWERS, ApprovalRequest
from .models.verdict import LONGEST_REASON


class MemberVerdictForm(forms.Form):
    """`shown` is the fingerprint of what the page showed."""

    shown = forms.RegexField(r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)


class MemberChangesForm(MemberVerdictForm):
    reason = TextField(
        label=_("Reason"), max_length=LONGEST_REASON, is_long=True, widget=forms.Textarea(attrs={"rows": 2})
    )


class ApprovalRequestForm(forms.Form):
    needed = forms.IntegerField(label=_("Approvals needed"), min_value=1, max_value=MOST_REVIEWERS, initial=1)
    reviewers = TextField(
        label=_("Reviewers"),
        required=False,
        is_long=True,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_(
            "Email addresses, one a line. Only their approvals count then: members by their account, others once a link "
            "has confirmed their email by a code. Leave blank to count anyone’s approval."
        ),
    )
    due_date = forms.DateField(
        label=_("Due date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Reviewers who haven’t approved are reminded once, a day before."),
    )

    def __init__(self, *args: Any, request: ApprovalRequest | None = None, **kwargs: Any) -> None:
        if request is not None:
            kwargs["initial"] = {
                "needed": request.needed,
                "reviewers": "\n".join(each["email"] for each in request.reviewers),
                "due_date": timezone.localtime(request.due_at).date() if request.due_at else None,
            }
        super().__init__(*args, **kwargs)
        self.before, self.auto_id = request, "approval_%s"

    def clean_reviewers(self) -> list[str]:
        addresses = list(dict.fromkeys(self.cleaned_data["reviewers"].lower().replace(",", "\n").split()))
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(_("“%(entry)s” isn’t an email address."), params={"entry": address}) from None
        if len(addresses) > MOST_REVIEWERS:
            raise ValidationError(_("Use at most %(limit)d addresses."), params={"limit": MOST_REVIEWERS})
        return addresses

    def clean_due_date(self) -> datetime | None:
        date = self.cleaned_data["due_date"]
        if date is None:
            return None
        due_at = timezone.make_aware(datetime.combine(date, time.max.replace(microsecond=0)))
        if due_at < timezone.now() and not (self.before and self.before.due_at == due_at):
            raise ValidationError(_("Enter a date in the future."))
        return due_at

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        reviewers = cleaned.get("reviewers")
        if reviewers and cleaned.get("needed", 1) > len(reviewers):
            self.add_error("needed", _("You named fewer reviewers than approvals."))
        return cleaned
