"""How people have to sign in for a workspace, and how they are led there."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from tavusweb.accounts import reauthentication
from tavusweb.accounts.mfa import standing
from tavusweb.accounts.sessions import records

from .models import Requirement, Workspace

GO_ON = "go_on"  # of the session: where somebody was going who has to set something up first

SENTENCES = {
    Requirement.TWO_FACTOR: "{} asks for two-factor authentication. Set up an app or a passkey here, then go on.",
    Requirement.SSO: "{} asks for single sign-on. Sign in with your organisation, then go on.",
}
SHOW_IT = "{} asks for two-factor authentication. Show yours, then go on."
FIRST_YOURSELF = {
    Requirement.TWO_FACTOR: "Set up two-factor authentication for your own account first, or you would be out at once.",
    Requirement.SSO: "Sign in by single sign-on yourself first, or you would be out at once.",
}


def is_met(requirement: str, request: HttpRequest) -> bool:
    """Whether this session was opened, or has since been shown to be, as the requirement wants it."""
    match requirement:
        case Requirement.TWO_FACTOR:
            return standing(request).has_shown_it
        case Requirement.SSO:
            return any(record["method"] == "socialaccount" for record in records(request))
    return True


def lead_through(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """To where what the workspace asks for is set up or shown, with the way back; a fragment's whole page goes there."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    wanted = request.get_full_path() if request.method == "GET" else workspace.get_absolute_url()
    if workspace.requires == Requirement.TWO_FACTOR and standing(request).owes_it:
        messages.warning(request, SHOW_IT.format(workspace.name))
        return reauthentication.ask(request)
    messages.warning(request, SENTENCES[Requirement(workspace.requires)].format(workspace.name))
    if workspace.requires == Requirement.SSO:
        return redirect(f"{reverse('choose_provider')}?{urlencode({'next': wanted})}")
    request.session[GO_ON] = {"name": workspace.name, "url": wanted}
    return redirect("mfa_index")


class RequirementForm(forms.Form):
    requires = forms.ChoiceField(label="To enter, members need", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, request: HttpRequest, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.initial = {"requires": workspace.requires}
        possible = {Requirement.NOTHING, Requirement.TWO_FACTOR, workspace.requires}
        if settings.OIDC_PROVIDERS:
            possible.add(Requirement.SSO)
        choices = [choice for choice in Requirement.choices if choice[0] in possible]
        self.fields["requires"].choices = choices  # type: ignore[attr-defined]

    def clean_requires(self) -> str:
        wanted: str = self.cleaned_data["requires"]
        if not is_met(wanted, self.request):
            raise forms.ValidationError(FIRST_YOURSELF[Requirement(wanted)])
        return wanted
