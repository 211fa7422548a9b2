from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import TextField


class NameVersionForm(forms.Form):
    name = TextField(label=_("Name"), max_length=80)
