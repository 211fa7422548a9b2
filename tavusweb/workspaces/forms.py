from typing import Any

from django import forms

from .access import Role
from .models import Workspace


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Workspace
        fields = ["name"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "organization"})}


class InvitationForm(forms.Form):
    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
    role = forms.ChoiceField(
        initial=Role.EDITOR,
        help_text="Viewers watch, reviewers also comment, editors also make and share videos, "
        "admins also manage API keys, members and settings.",
    )

    def __init__(self, *args: Any, workspace: Workspace, may_make_owners: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        roles = [choice for choice in Role.choices if may_make_owners or choice[0] != Role.OWNER]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if self.workspace.memberships.filter(user__email__iexact=email).exists():
            raise forms.ValidationError("This person is already a member.")
        return email
