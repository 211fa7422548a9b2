from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import PasswordField


class ShareForm(forms.Form):
    """The options of a new share link."""

    password = PasswordField(
        label=_("Password for this link"),
        required=False,
        min_length=8,
        max_length=100,
        error_messages={"min_length": _("Use at least 8 characters.")},
    )


class UnlockForm(forms.Form):
    password = PasswordField(
        label=_("Password"),
        max_length=100,
        error_messages={"max_length": _("Wrong password. Passwords are case-sensitive.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
