from typing import cast

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tavusweb.appearance import Appearance
from tavusweb.audit.actor import Actor
from tavusweb.http import safe_next

from .actions import change_name, end_sessions
from .forms import AppearanceForm, NameForm
from .models import User


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show the account and its sign-in methods."""
    user = cast(User, request.user)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        change_name(Actor.of(request), user, form.cleaned_data["name"])
        messages.success(request, _("Name saved."))
        return redirect("account")
    factors = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "form": form,
        "is_verified": EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists(),
        "has_app": Authenticator.Type.TOTP in factors,
        "has_codes": Authenticator.Type.RECOVERY_CODES in factors,
        "passkey_count": factors.count(Authenticator.Type.WEBAUTHN),
        "session_count": len(UserSession.objects.purge_and_list(user)),
        "provider_count": SocialAccount.objects.filter(user=user).count(),
        "has_providers": bool(settings.OIDC_PROVIDERS),
    }
    return render(request, "account/account.html", context, status=422 if form.errors else 200)


@login_required
def appearance(request: HttpRequest) -> HttpResponse:
    """Choose theme and contrast for this browser. Nothing is stored on the server."""
    chosen = Appearance.of(request)
    form = AppearanceForm(
        request.POST or None, initial={"theme": chosen.theme, "has_more_contrast": chosen.has_more_contrast}
    )
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("Appearance saved."))
        response = redirect("appearance")
        Appearance(**form.cleaned_data).keep(response)
        return response
    return render(request, "account/appearance.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def choose_provider(request: HttpRequest) -> HttpResponse:
    """List the providers for people who must sign in by single sign-on."""
    return render(request, "account/choose_provider.html", {"next": safe_next(request)})


@login_required
def reauthenticate_by_provider(request: HttpRequest) -> HttpResponse:
    """List the providers with which a signed-in person can reauthenticate."""
    next_url = safe_next(request)
    providers = set(SocialAccount.objects.filter(user=cast(User, request.user)).values_list("provider", flat=True))
    ways = get_account_adapter(request).get_reauthentication_methods(request.user)
    context = {
        "next": next_url,
        "connected": [each for each in settings.OIDC_PROVIDERS if each["provider_id"] in providers],
        "reauthentication_alternatives": [
            way | {"url": f"{way['url']}?{urlencode({'next': next_url})}"} for way in ways if way["id"] != "provider"
        ],
    }
    return render(request, "account/reauthenticate_by_provider.html", context)


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one of the person's own sessions."""
    session = get_object_or_404(UserSession, pk=pk, user=cast(User, request.user))
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    end_sessions(Actor.of(request), [session])
    messages.success(request, _("Session signed out."))
    return redirect("usersessions_list")
