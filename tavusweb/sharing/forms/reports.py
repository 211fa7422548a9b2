"""Form with which a stranger reports a video."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import TextField

from ..models.report import LONGEST_DETAILS
from ..report_reasons import ReportReason


class ReportForm(forms.Form):
    """A reason and details. `website` is a honeypot: only bots fill it in."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    details = TextField(
        label=_("Details (optional)"),
        max_length=LONGEST_DETAILS,
        required=False,
        is_long=True,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = forms.EmailField(
        label=_("Your email (optional)"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def is_from_machine(self) -> bool:
        return bool(self.cleaned_data.get("website"))
