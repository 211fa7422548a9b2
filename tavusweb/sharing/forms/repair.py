"""Form for bulk changes to share links."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.adapters import sends_mail

from ..actions.repair import MOST_CHOSEN, Chosen, Repair
from ..link_filter import LinkFilter


def offered_repairs() -> list[tuple[str, Any]]:
    """Return the changes this server supports: without mail it can't send codes."""
    return [choice for choice in Repair.choices if choice[0] != Repair.CONFIRM_EMAIL or sends_mail()]


class RepairForm(forms.Form):
    """`link` holds the selected links; `every` stands for all that match the list's filter, up to `up_to`."""

    repair = forms.ChoiceField(
        label=_("Change"), choices=offered_repairs, error_messages={"required": _("Choose what to change.")}
    )
    every = forms.BooleanField(required=False)
    up_to = forms.IntegerField(required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        ticked = self._ticked()
        if not self.cleaned_data.get("every") and not ticked:
            raise ValidationError(_("Select the links to change."))
        if len(ticked) > MOST_CHOSEN:
            raise ValidationError(_("Select at most %(limit)d links."), params={"limit": MOST_CHOSEN})
        return self.cleaned_data

    def chosen(self) -> Chosen:
        if self.cleaned_data["every"]:
            return Chosen(matching=LinkFilter.read(self.data), up_to=self.cleaned_data["up_to"] or 0)
        return Chosen(tuple(self._ticked()))

    def _ticked(self) -> list[int]:
        given = self.data.getlist("link") if hasattr(self.data, "getlist") else []
        # A number that no database column holds is nobody's link.
        return [int(pk) for pk in given if pk.isascii() and pk.isdecimal() and len(pk) < 19]
