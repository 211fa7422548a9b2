from typing import Any

from django import forms
from django.core.validators import validate_domain_name
from django.utils import timezone

from tavusweb.accounts.email_domains import PUBLIC_MAIL, domain_of, verified_domains
from tavusweb.accounts.models import User
from tavusweb.workspaces.models import KEEP_TRAIL, TERMS, USUAL_TERM, Membership, Workspace
from tavusweb.workspaces.permissions import Role, may_grant

MOST_DOMAINS = 20


class RoleForm(forms.Form):
    """A role that the member `by` may give."""

    role = forms.ChoiceField(
        initial=Role.EDITOR,
        help_text="Viewers watch, reviewers also comment, editors also make and share videos, "
        "admins also manage API keys, members and settings, owners can do everything.",
    )

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        granted = [choice for choice in Role.choices if may_grant(by.role, choice[0])]
        self.fields["role"].choices = granted  # type: ignore[attr-defined]

    @property
    def label(self) -> str:
        """The chosen role with its article, for a sentence."""
        word = Role(self.cleaned_data["role"]).label.lower()
        return f"an {word}" if word[0] in "aeio" else f"a {word}"


class InvitationForm(RoleForm):
    email = forms.EmailField(
        max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

    lasts_days = forms.TypedChoiceField(
        label="The link works for",
        coerce=int,
        choices=TERMS,
        initial=USUAL_TERM,
        required=False,
        empty_value=USUAL_TERM,  # type: ignore[arg-type]  # what it is coerced to, not a string
    )

    field_order = ["email", "role", "lasts_days"]

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if self.workspace.memberships.filter(user__email__iexact=email).exists():
            raise forms.ValidationError("This person is already a member.")
        if self.workspace.invitations.open(timezone.now()).filter(email__iexact=email).exists():
            raise forms.ValidationError("There is an open invitation for this address. Send it again instead.")
        return email


class DomainForm(forms.Form):
    """A domain at which the person `by` has shown to receive mail, and where not everybody can."""

    domain = forms.CharField(
        max_length=253,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "example.com"}),
    )

    def __init__(self, *args: Any, workspace: Workspace, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace, self.by = workspace, by

    def clean_domain(self) -> str:
        domain = domain_of(self.cleaned_data["domain"])
        try:
            validate_domain_name(domain)
        except forms.ValidationError:
            raise forms.ValidationError("This is not a domain. Write what stands after the @ in an address.") from None
        if domain in PUBLIC_MAIL:
            raise forms.ValidationError(
                f"Anybody can have an address at {domain}. Name your organisation's own domain."
            )
        if self.workspace.join_domains.filter(domain=domain).exists():
            raise forms.ValidationError(f"People with an address at {domain} may join already.")
        if domain not in verified_domains(self.by):
            raise forms.ValidationError(
                f"Only somebody with a verified address at {domain} can open a workspace to it."
            )
        if self.workspace.join_domains.count() >= MOST_DOMAINS:
            raise forms.ValidationError(f"{MOST_DOMAINS} domains are the most. Remove one first.")
        return domain


class KeepTrailForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Workspace
        fields = ["keep_trail_days"]
        labels = {"keep_trail_days": "Keep for"}
        help_texts = {
            "keep_trail_days": "Older events are removed once a day, and a signed checkpoint takes their place."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep_trail_days"].choices = [("", "As long as the workspace"), *KEEP_TRAIL]  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    name = forms.CharField(label="Workspace name", widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: object, workspace: Workspace, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.workspace = workspace

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name != self.workspace.name.strip():
            raise forms.ValidationError("This is not the workspace's name.")
        return name
