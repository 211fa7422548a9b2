"""The form renderer, and fields that every package uses. `text_policy` defines which text is accepted."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tavusweb.text_policy import as_line, as_pasted_key, as_secret, as_stored, is_blank


class FormRenderer(TemplatesSetting):
    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"


TOO_LONG = ngettext_lazy(
    "Use at most %(limit_value)d character. This has %(show_value)d.",
    "Use at most %(limit_value)d characters. This has %(show_value)d.",
    "limit_value",
)


class TextField(forms.CharField):
    """Text, on one line or, with `is_long`, several. Text that can't be seen or spoken counts as empty."""

    default_error_messages = {"max_length": TOO_LONG}

    def __init__(self, *, is_long: bool = False, **kwargs: Any) -> None:
        self.is_long = is_long
        super().__init__(**kwargs)
        if limit := self.max_length:
            self.validators = [each for each in self.validators if getattr(each, "code", "") != "max_length"]
            self.validators.append(AtMost(limit, self.error_messages["max_length"]))

    def to_python(self, value: Any) -> str:
        text = str(value if value is not None else "")
        text = as_stored(text) if self.is_long else as_line(text)
        return "" if is_blank(text) and not self.is_long else super().to_python(text) or ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Omit maxlength: browsers count UTF-16 units, so emoji would halve the limit, and pasted text would be cut."""
        attrs = super().widget_attrs(widget)
        if limit := attrs.pop("maxlength", None):
            attrs["data-limit"] = limit
        return attrs


class AtMost:
    """Reject text longer than `limit` characters, and report its length."""

    code = "max_length"

    def __init__(self, limit: int, message: Any) -> None:
        self.limit, self.message = limit, message

    def __call__(self, text: str) -> None:
        if len(text) > self.limit:
            given = {"limit_value": self.limit, "show_value": len(text)}
            raise ValidationError(self.message, code=self.code, params=given)


class PasswordField(forms.CharField):
    """A password for a share link or an account, normalised as it is hashed and compared."""

    widget = forms.PasswordInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return as_secret(super().to_python(value) or "")


class PastedKeyField(forms.CharField):
    """A pasted key or code, which may contain spaces, invisible or full-width characters."""

    def to_python(self, value: Any) -> str:
        return super().to_python(as_pasted_key(str(value or ""))) or ""


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
