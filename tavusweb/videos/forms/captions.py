"""Upload captions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..captions import Cue, parse
from ..models.caption import LANGUAGES


class CaptionForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES, initial="en")
    file = forms.FileField(
        label=gettext_lazy("Captions file"),
        required=False,
        help_text=gettext_lazy("WebVTT or SRT in UTF-8, up to 1 MB. Replaces the captions of the same language."),
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt,text/vtt"}),
    )

    def __init__(self, *args: Any, upload_failure: str = "", **kwargs: Any) -> None:
        self.upload_failure = upload_failure
        super().__init__(*args, **{"auto_id": "caption_%s"} | kwargs)

    def clean_file(self) -> list[Cue]:
        if self.upload_failure:
            raise ValidationError(self.upload_failure)
        file = self.cleaned_data["file"]
        if not file:
            raise ValidationError(_("Choose a file."))
        return parse(file.read())
