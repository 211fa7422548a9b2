from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import TextField

from .models import Workspace


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]
    name = TextField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "organization"}))

    class Meta:
        model = Workspace
        fields = ["name"]
