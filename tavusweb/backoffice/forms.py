"""What the people who run the server fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import TextField
from tavusweb.sharing.models.report import LONGEST_CLOSING

ACTS = ("close", "reopen", "freeze", "unfreeze", "dismiss")
WITH_REASON = frozenset({"close", "freeze"})


class ReasonForm(forms.Form):
    """What to do about a share link, and why: the workspace's owners read the reason."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    reason = TextField(label=_("Reason"), max_length=LONGEST_CLOSING, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("act") in WITH_REASON and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Enter a reason. The workspace’s owners will read it."))
        return cleaned
