"""The position fields of a comment form, shared by members and visitors."""

import re
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.text_policy import cut

from .moments import read_moment, write_moment
from .sentences import sentences

LONGEST_CHOICE = 90  # characters of a sentence in the list
_ONCE = re.compile(r"[0-9a-f]{16}")


class LabelledSelect(forms.Select):
    """A list whose sentences are labels and not texts of the page: a search on the page finds the script alone."""

    option_template_name = "reviews/_labelled_option.html"


class MomentField(forms.CharField):
    """A time in the video, cleaned to seconds, or None if left blank."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "text", "placeholder": "0:00", "autocomplete": "off", "data-moment": ""}
        super().__init__(required=False, max_length=12, widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return write_moment(value) if isinstance(value, int | float) else value

    def clean(self, value: Any) -> float | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return float(read_moment(text))
        except ValueError:
            raise forms.ValidationError(_("Enter a time like 1:23.")) from None


class PlacedForm(forms.Form):
    """Position of a comment: a time, a sentence of the script, or none.

    `once` is a number of the form that was shown: sent twice, it leaves one comment.
    """

    at = MomentField(label=_("Time in the video"))
    sentence = forms.ChoiceField(
        label=_("Sentence"),
        required=False,
        widget=LabelledSelect,
        error_messages={"invalid_choice": _("The script has changed. Choose the sentence again.")},
    )
    once = forms.CharField(required=False, widget=forms.HiddenInput, initial=lambda: secrets.token_hex(8))

    def __init__(self, *args: Any, script: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._texts = {sentence.key: sentence.text for sentence in sentences(script)} if script else {}
        if self._texts:
            listed = [(key, cut(text, LONGEST_CHOICE, end="…")) for key, text in self._texts.items()]
            self.fields["sentence"].choices = [("", _("None")), *listed]  # type: ignore[attr-defined]
        else:
            del self.fields["sentence"]

    def clean_once(self) -> str:
        once = str(self.cleaned_data["once"])
        return once if _ONCE.fullmatch(once) else ""

    @property
    def place(self) -> dict[str, Any]:
        """Return the arguments for `actions.comment`."""
        cleaned = self.cleaned_data
        return {
            "at_seconds": cleaned["at"],
            "quote": self._texts.get(cleaned.get("sentence", ""), ""),
            "once": cleaned["once"],
        }
