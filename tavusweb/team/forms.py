from typing import Any

from django import forms
from django.core.validators import validate_domain_name
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tavusweb.accounts.email_domains import PUBLIC_MAIL, domain_of, verified_domains
from tavusweb.accounts.models import User
from tavusweb.forms import TextField
from tavusweb.text_policy import is_same_name
from tavusweb.workspaces.models import KEEP_AUDIT_CHOICES, TERMS, USUAL_TERM, Membership, Workspace
from tavusweb.workspaces.permissions import Role, can_grant

DOMAIN_LIMIT = 20


class RoleForm(forms.Form):
    """A role that the member `by` can grant."""

    role = forms.ChoiceField(
        initial=Role.EDITOR,
        label=gettext_lazy("Role"),
        help_text=gettext_lazy(
            "Viewers watch. Reviewers also comment. Editors also create and share videos. "
            "Admins also manage API keys, members and settings. Owners can do everything."
        ),
    )

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        granted = [choice for choice in Role.choices if can_grant(by.role, choice[0])]
        self.fields["role"].choices = granted  # type: ignore[attr-defined]

    @property
    def role_name(self) -> str:
        return str(Role(self.cleaned_data["role"]).label)


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    lasts_days = forms.TypedChoiceField(
        label=gettext_lazy("Link expires in"),
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
            raise forms.ValidationError(_("This person is already a member."))
        if self.workspace.invitations.open(timezone.now()).filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is already an open invitation for this address. Resend it instead."))
        return email


class DomainForm(forms.Form):
    """A domain where the person `by` has a verified address, and where not everybody can get one."""

    domain = TextField(
        label=gettext_lazy("Domain"),
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
            raise forms.ValidationError(_("Enter a domain, the part of an address after the @.")) from None
        if domain in PUBLIC_MAIL:
            message = _("Anyone can get an address at %(domain)s. Use your organisation’s own domain.")
            raise forms.ValidationError(message, params={"domain": domain})
        if self.workspace.join_domains.filter(domain=domain).exists():
            raise forms.ValidationError(_("%(domain)s already has access."), params={"domain": domain})
        if domain not in verified_domains(self.by):
            message = _("Only someone with a verified address at %(domain)s can add it.")
            raise forms.ValidationError(message, params={"domain": domain})
        if self.workspace.join_domains.count() >= DOMAIN_LIMIT:
            message = _("The limit is %(limit)d domains. Remove one first.")
            raise forms.ValidationError(message, params={"limit": DOMAIN_LIMIT})
        return domain


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Workspace
        fields = ["keep_audit_days"]
        labels = {"keep_audit_days": gettext_lazy("Keep for")}
        help_texts = {
            "keep_audit_days": gettext_lazy(
                "Older events are removed once a day. A signed checkpoint takes their place."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep_audit_days"].choices = [("", _("As long as the workspace exists")), *KEEP_AUDIT_CHOICES]  # type: ignore[attr-defined]


class DeleteWorkspaceForm(forms.Form):
    name = TextField(label=gettext_lazy("Workspace name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: object, workspace: Workspace, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.workspace = workspace

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not is_same_name(name, self.workspace.name):
            raise forms.ValidationError(_("This doesn’t match the workspace name."))
        return name
