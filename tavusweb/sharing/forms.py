from django import forms
from django.utils.translation import gettext_lazy as _


class ShareForm(forms.Form):
    """The rules of a new share link."""

    password = forms.CharField(
        label=_("Password for this link"),
        required=False,
        strip=False,
        min_length=8,
        max_length=100,
        error_messages={"min_length": _("Use at least 8 characters.")},
    )


class UnlockForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=100,
        error_messages={"max_length": _("Wrong password. Passwords are case-sensitive.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
