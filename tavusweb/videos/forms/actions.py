"""The forms of a video's own page."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tavusweb.forms import TextField
from tavusweb.workspaces.models import Workspace

from ..spec_rules import TAVUS_ID


class RenameForm(forms.Form):
    title = TextField(
        label=gettext_lazy("Title"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


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
