"""The forms of a video's own page."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tavusweb.forms import TextField
from tavusweb.text_policy import is_same_name
from tavusweb.workspaces.models import Workspace

from ..models import Video
from ..models.status import DeleteMode
from ..spec_rules import TAVUS_ID


class RenameForm(forms.Form):
    title = TextField(
        label=gettext_lazy("Title"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class DeleteForm(forms.Form):
    """Soft deletion, unless `for_good` is chosen, which requires the title."""

    for_good = forms.BooleanField(required=False, label=gettext_lazy("Delete permanently, including files"))
    typed_title = TextField(required=False, max_length=200, label=gettext_lazy("Type the title to confirm"))

    def __init__(self, *args: Any, video: Video, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.video = video

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = cleaned.get("typed_title", "")
        if cleaned.get("for_good") and not is_same_name(typed, self.video.display_title):
            self.add_error("typed_title", _("The title doesn’t match. Type it exactly."))
        return cleaned

    @property
    def mode(self) -> DeleteMode:
        return DeleteMode.HARD if self.cleaned_data["for_good"] else DeleteMode.SOFT


class ResolveForm(forms.Form):
    """The Tavus ID of an unsure submission, entered by a person who found it there.

    Only the workspace's own videos are compared: an ID that belongs to another workspace's is given back by the engine,
    once Tavus has shown it with this video's key.
    """

    tavus_id = TextField(
        label=gettext_lazy("Tavus ID"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Paste the video’s Tavus ID.")},
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_tavus_id(self) -> str:
        given: str = self.cleaned_data["tavus_id"]
        if not TAVUS_ID.fullmatch(given):
            raise forms.ValidationError(
                _("This isn’t a Tavus ID. IDs have only letters, digits, hyphens and underscores.")
            )
        if self.workspace.videos.filter(tavus_id=given).exists():
            raise forms.ValidationError(_("Another video in this workspace already has this Tavus ID."))
        return given
