"""Form with which a visitor votes for a take."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .answers import SpeakerForm


class VoteForm(SpeakerForm):
    """A vote. `choices` are the eligible takes, each with its `video` and `title`."""

    take = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": _("Choose a take.")})
    field_order = ("take", "name", "website")

    def __init__(self, *args: Any, choices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = [(str(each.video.pk), each.title) for each in choices]  # type: ignore[attr-defined]
