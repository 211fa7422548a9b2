"""What is asked on a video's own page."""

from typing import Any

from django import forms

from tavusweb.forms import TextField, as_stored

from ..models import Video
from ..spec_rules import TAVUS_ID


class RenameForm(forms.Form):
    title = TextField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class DeleteForm(forms.Form):
    """Deleting is soft unless `for_good` is chosen, which asks for the title."""

    for_good = forms.BooleanField(required=False, label="Delete for good, files included")
    typed_title = TextField(required=False, max_length=200, label="Type the title to confirm")

    def __init__(self, *args: Any, video: Video, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.video = video

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = cleaned.get("typed_title", "").strip()
        if cleaned.get("for_good") and typed != as_stored(self.video.display_title).strip():
            self.add_error("typed_title", "This is not the title. Type it exactly to delete the video for good.")
        return cleaned


class SettleForm(forms.Form):
    """What a person found at Tavus about an unsure submission: its id there, or nothing."""

    tavus_id = forms.CharField(
        label="Id at Tavus",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste the video's id from Tavus."},
    )

    def clean_tavus_id(self) -> str:
        given: str = self.cleaned_data["tavus_id"]
        if not TAVUS_ID.fullmatch(given):
            raise forms.ValidationError("This is not an id of Tavus: those have only letters, digits, - and _.")
        if Video.objects.filter(tavus_id=given).exists():
            raise forms.ValidationError("Another video here has this id already.")
        return given
