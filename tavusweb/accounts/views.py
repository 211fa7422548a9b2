from typing import cast

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from .forms import NameForm
from .models import User
from .signals import name_changed


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, and everything that opens one's account."""
    user = cast(User, request.user)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            was, user.name = user.name, form.cleaned_data["name"]
            User.objects.filter(pk=user.pk).update(name=user.name)
            name_changed.send(User, request=request, user=user, was=was)
        messages.success(request, "Saved.")
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
def choose_provider(request: HttpRequest) -> HttpResponse:
    """For who is signed in, and needs to be by single sign-on."""
    return render(request, "account/choose_provider.html", {"next": _within_this_site(request)})


@login_required
def reauthenticate_by_provider(request: HttpRequest) -> HttpResponse:
    """For who is signed in and has to show that they are still there: the providers that open their account."""
    wanted = _within_this_site(request)
    mine = set(SocialAccount.objects.filter(user=cast(User, request.user)).values_list("provider", flat=True))
    ways = get_account_adapter(request).get_reauthentication_methods(request.user)
    context = {
        "next": wanted,
        "connected": [each for each in settings.OIDC_PROVIDERS if each["provider_id"] in mine],
        "reauthentication_alternatives": [
            way | {"url": f"{way['url']}?{urlencode({'next': wanted})}"} for way in ways if way["id"] != "provider"
        ],
    }
    return render(request, "account/reauthenticate_by_provider.html", context)


def _within_this_site(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one of one's own sessions out, wherever it is."""
    found = get_object_or_404(UserSession, pk=pk, user=cast(User, request.user))
    if found.session_key == request.session.session_key:
        return redirect("account_logout")
    get_adapter().end_sessions([found])
    messages.success(request, "Signed out there.")
    return redirect("usersessions_list")
