"""Form for the look of a workspace's public pages: colour, logo, texts, AI notice and player."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tavusweb.forms import TextField

from .. import logos
from ..colours import DARK, ENOUGH, LIGHT, as_hex, contrast
from ..models.branding import Branding, Player

PLAIN = ("player", "accent", "footer", "approval_heading", "comments_heading", "ai_notice", "shows_product")


class BrandingForm(forms.Form):
    player = forms.ChoiceField(
        label=gettext_lazy("Player"),
        choices=Player.choices,
        required=False,
        help_text=gettext_lazy(
            "This site’s player has captions, speed and links to a moment. It plays files from hosts that this server "
            "allows, and otherwise falls back to Tavus’s."
        ),
    )
    accent = TextField(
        label=gettext_lazy("Accent colour"),
        required=False,
        max_length=7,
        help_text=gettext_lazy("Such as #7a34a8. Leave blank for the default."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off", "placeholder": "#7a34a8"}),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG or JPEG, up to 200 KB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    footer = TextField(label=gettext_lazy("Footer"), required=False, max_length=200)
    approval_heading = TextField(
        label=gettext_lazy("Heading above the approval"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Leave blank for “Do you approve this video?” in the viewer’s language."),
    )
    comments_heading = TextField(
        label=gettext_lazy("Heading above the comments"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Leave blank for “Comments” in the viewer’s language."),
    )
    shows_ai_notice = forms.BooleanField(
        label=gettext_lazy("Show that the video was made with AI"),
        required=False,
        help_text=gettext_lazy("Required by law in many places. Turning it off is recorded in the audit log."),
    )
    ai_notice = TextField(
        label=gettext_lazy("Text of the notice"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Leave blank for “This video was made with AI.” in the viewer’s language."),
    )
    shows_product = forms.BooleanField(label=gettext_lazy("Mention tavusweb in the footer"), required=False)

    def __init__(self, *args: Any, branding: Branding, upload_failure: str = "", **kwargs: Any) -> None:
        self.branding, self.upload_failure = branding, upload_failure
        initial = {name: getattr(branding, name) for name in (*PLAIN, "shows_ai_notice")}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.fields["accent"].help_text = " ".join(
            [str(self.fields["accent"].help_text), *adjustments(branding.accent)]
        )
        if not branding.has_logo:
            del self.fields["remove_logo"]

    def clean_player(self) -> str:
        return str(self.cleaned_data["player"] or self.branding.player)

    def clean_accent(self) -> str:
        typed = self.cleaned_data["accent"]
        if typed and not as_hex(typed):
            raise ValidationError(_("Enter a colour such as #7a34a8."))
        return as_hex(typed)

    def clean_logo(self) -> logos.Picture | None:
        if self.upload_failure:
            raise ValidationError(self.upload_failure)
        file = self.cleaned_data["logo"]
        return logos.read(file.read()) if file else None

    def changes(self) -> dict[str, Any]:
        """Return the changed columns of the branding; logo columns only when the logo changes."""
        cleaned = self.cleaned_data
        changes = {name: cleaned[name] for name in (*PLAIN, "shows_ai_notice")}
        if picture := cleaned["logo"]:
            return changes | Branding.columns_of(picture)
        return changes | (Branding.columns_of(None) if cleaned.get("remove_logo") else {})


def adjustments(accent: str) -> list[str]:
    """Return a sentence for each theme in which the colour is adjusted to stay readable."""
    if not accent:
        return []
    words = []
    if contrast(accent, LIGHT) < ENOUGH:
        words.append(_("In the light theme, a darker shade of this colour is used, so that text stays readable."))
    if contrast(accent, DARK) < ENOUGH:
        words.append(_("In the dark theme, a lighter shade of this colour is used, so that text stays readable."))
    return words
