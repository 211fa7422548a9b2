"""How forms look, and fields that every room uses."""

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _


class FormRenderer(TemplatesSetting):
    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"


def as_stored(text: str) -> str:
    """Text as we keep it: NFC, with plain line ends."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")


class TextField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return as_stored(super().to_python(value) or "")


class WebAddressField(forms.URLField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "url", "autocomplete": "off", "spellcheck": "false", "placeholder": "https://"}
        super().__init__(
            max_length=2000, required=False, assume_scheme="https", widget=forms.TextInput(attrs=attrs), **kwargs
        )
        self.error_messages["invalid"] = _("Enter a full URL starting with https:// or http://")

    def clean(self, value: Any) -> str:
        address: str = super().clean(value)
        if address and urlsplit(address).scheme.lower() not in {"http", "https"}:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return address
