"""Forms that visitors fill in on a share page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import TextField
from tavusweb.notify.mail import sends_mail
from tavusweb.reviews.models.comment import LONGEST_COMMENT
from tavusweb.reviews.models.verdict import LONGEST_REASON
from tavusweb.reviews.placed_form import PlacedForm


class SpeakerForm(forms.Form):
    """A name, required unless `needs_name` is false. `website` is a honeypot: only bots fill it in."""

    name = TextField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, needs_name: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = needs_name

    @property
    def is_from_machine(self) -> bool:
        return bool(self.cleaned_data.get("website"))


class CommentForm(PlacedForm, SpeakerForm):
    """A comment. `take` is the one the page showed, because the link may show another by the time of the POST."""

    comment = TextField(
        label=_("Comment"), max_length=LONGEST_COMMENT, is_long=True, widget=forms.Textarea(attrs={"rows": 3})
    )
    email = forms.EmailField(
        label=_("Email me replies (optional)"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    answers = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    take = forms.UUIDField(required=False, widget=forms.HiddenInput)
    field_order = ("name", "comment", "at", "sentence", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sends_mail():
            del self.fields["email"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class EditForm(forms.Form):
    """The new text of one's own comment, whose id is `pk`."""

    comment = TextField(
        label=_("Comment"), max_length=LONGEST_COMMENT, is_long=True, widget=forms.Textarea(attrs={"rows": 3})
    )
    pk = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class VerdictForm(SpeakerForm):
    """An approval or a change request. `shown` is the fingerprint of what the page showed."""

    shown = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)

    def show(self, fingerprint: str) -> None:
        """Ask for confirmation again, for what is shown now."""
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, "shown": fingerprint}


class ApproveForm(VerdictForm):
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ChangesForm(VerdictForm):
    reason = TextField(
        label=_("Reason"), max_length=LONGEST_REASON, is_long=True, widget=forms.Textarea(attrs={"rows": 3})
    )
