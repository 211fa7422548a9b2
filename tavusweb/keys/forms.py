from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import PastedKeyField, TextField
from tavusweb.text_policy import fold
from tavusweb.workspaces.models import Workspace

from .models import APIKey

NAME_TAKEN = _("Another API key in this workspace has this name.")
SECRET_MISSING = _("Paste the API key from your Tavus account.")


class SecretField(PastedKeyField):
    """A secret as pasted: trimmed, limited to characters that fit a header, never shown again."""

    widget = forms.PasswordInput

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false", "data-1p-ignore": "", "data-lpignore": "true"}
        super().__init__(max_length=500, widget=forms.PasswordInput(render_value=False, attrs=attrs), **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not (value.isascii() and value.isprintable()):
            raise forms.ValidationError(_("An API key has only letters, digits and symbols. Copy it again from Tavus."))


class NameForm(forms.Form):
    name = TextField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, workspace: Workspace, key: APIKey | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        self.key = key

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = self.workspace.api_keys.current()
        if self.key:
            others = others.exclude(pk=self.key.pk)
        if fold(name) in map(fold, others.values_list("name", flat=True)):
            raise forms.ValidationError(NAME_TAKEN)
        return name


class KeyForm(NameForm):
    secret = SecretField(label=_("API key"), required=False, help_text=_("From your Tavus account. Stored encrypted."))
    is_sandbox = forms.BooleanField(
        label=_("Sandbox"),
        required=False,
        help_text=_("Use the built-in simulation of Tavus: no account, no cost. You can leave the key blank."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.SANDBOX:
            del self.fields["is_sandbox"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "secret" in cleaned and not cleaned["secret"] and not cleaned.get("is_sandbox"):
            self.add_error("secret", SECRET_MISSING)
        return cleaned


class LimitForm(forms.Form):
    max_slots = forms.IntegerField(
        label=_("Videos at once"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Leave blank for no limit."),
    )


class SecretForm(forms.Form):
    secret = SecretField(label=_("API key"), error_messages={"required": SECRET_MISSING})
