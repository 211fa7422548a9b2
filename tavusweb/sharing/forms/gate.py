"""Forms that a share page asks for before it shows its video."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import PasswordField, PastedKeyField


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class CodeForm(forms.Form):
    code = PastedKeyField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasswordForm(forms.Form):
    password = PasswordField(
        label=_("Password"),
        max_length=100,
        error_messages={"max_length": _("Wrong password. Passwords are case-sensitive.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
