"""How members have to sign in for a workspace, and the way to set that up."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts import reauthentication
from tavusweb.accounts.mfa import mfa_state
from tavusweb.accounts.sessions import records

from .models import Requirement, Workspace

CONTINUE = "go_on"  # session key: the page to continue to after the setup

MESSAGES = {
    Requirement.TWO_FACTOR: _("{} requires two-factor authentication. Set up an app or a passkey to continue."),
    Requirement.SSO: _("{} requires single sign-on. Sign in with your organisation to continue."),
}
ENTER_CODE = _("{} requires two-factor authentication. Enter a code or use a passkey to continue.")
SET_UP_FIRST = {
    Requirement.TWO_FACTOR: _(
        "Set up two-factor authentication for your own account first to avoid locking yourself out."
    ),
    Requirement.SSO: _("Sign in with single sign-on yourself first to avoid locking yourself out."),
}


def is_met(requirement: str, request: HttpRequest) -> bool:
    """Whether this session meets the requirement, by the way it was opened or by a later confirmation."""
    match requirement:
        case Requirement.TWO_FACTOR:
            return mfa_state(request).has_shown_it
        case Requirement.SSO:
            return any(record["method"] == "socialaccount" for record in records(request))
    return True


def ask(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Redirect to where the requirement is set up or confirmed, with the way back; a fragment reloads its whole page."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    target = request.get_full_path() if request.method == "GET" else workspace.get_absolute_url()
    if workspace.requires == Requirement.TWO_FACTOR and mfa_state(request).owes_it:
        messages.warning(request, str(ENTER_CODE).format(workspace.name))
        return reauthentication.ask(request)
    messages.warning(request, str(MESSAGES[Requirement(workspace.requires)]).format(workspace.name))
    if workspace.requires == Requirement.SSO:
        return redirect(f"{reverse('choose_provider')}?{urlencode({'next': target})}")
    request.session[CONTINUE] = {"name": workspace.name, "url": target}
    return redirect("mfa_index")


class RequirementForm(forms.Form):
    requires = forms.ChoiceField(label=_("Members must use"), required=False, widget=forms.RadioSelect)

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
        requirement: str = self.cleaned_data["requires"]
        if not is_met(requirement, self.request):
            raise forms.ValidationError(SET_UP_FIRST[Requirement(requirement)])
        return requirement
