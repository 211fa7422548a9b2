"""Who comes in by a provider: whoever has an account with that verified address, and whoever is invited at it."""

import logging
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils import timezone

from tavusweb.accounts.models import User

from .models import Invitation

log = logging.getLogger(__name__)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        invited = Invitation.objects.open(timezone.now())
        return any(invited.filter(email__iexact=email).exists() for email in verified)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[:150]
        return user

    def on_authentication_error(self, request: HttpRequest, provider: Any, *args: Any, **given: Any) -> None:
        log.warning("Signing in with %s failed: %s", provider.name, given.get("exception") or given.get("error"))
