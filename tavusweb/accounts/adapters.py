import logging
from collections.abc import Iterable
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from tavusweb.audit.actor import Actor
from tavusweb.http import client_address
from tavusweb.notify.mail import sends_mail as sends_mail  # where forms and templates look for it

from .actions import end_sessions
from .mfa import mfa_state
from .reauthentication import must_show
from .sign_in_limits import PasswordTry, forget_failures

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - nobody listens there
log = logging.getLogger(__name__)

ASK_FOR_CODE = "allauth.account.stages.EmailVerificationStage"
WAYS_TO_SHOW = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
    "provider": _("Use single sign-on"),
}


def can_verify_addresses() -> bool:
    """Whether this server can mail the code that verifies an address."""
    return bool(settings.EMAIL_CONFIG)


class AccountAdapter(DefaultAccountAdapter):
    """Close sign-up by default, and build links in emails with this server's public address."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "duplicate_email": _("This is already your address."),
        "email_password_mismatch": _("Incorrect email or password."),
        "enter_current_password": _("Incorrect current password."),
        "incorrect_code": _("Invalid code. Enter the code from the latest email."),
        "incorrect_password": _("Incorrect password."),
        "rate_limited": _("Too many attempts. Try again in a minute."),
        "too_many_login_attempts": _("Too many failed attempts. Try again in a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def is_reauthentication_required(self, *, app: str, **given: Any) -> bool:
        """Decide by `must_show` alone.

        Raise instead of returning True: allauth ignores a True for people without a method that it knows.
        """
        if must_show(self.request):
            raise ReauthenticationRequired
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """List the methods that suffice: a second factor if the session owes one, otherwise any."""
        ways = super().get_reauthentication_methods(user)
        if user.is_authenticated and mfa_state(self.request).owes_it:
            ways = [way for way in ways if way["id"].startswith("mfa_")]
        elif user.is_authenticated and (not ways or SocialAccount.objects.filter(user=user).exists()):
            ways.append({"id": "provider", "url": reverse("reauthenticate_by_provider")})
        return [way | {"description": WAYS_TO_SHOW[way["id"]]} for way in ways]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self.password_try = PasswordTry(request, str(credentials.get("email") or credentials.get("username") or ""))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self.password_try.was_wrong()

    def _rollback_login_failed_rl_usage(self) -> None:
        self.password_try.was_right()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        forget_failures(request, str(credentials.get("email", "")))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what allauth counts by and lists sessions with: one address for all visitors whose own is not known."""
        return client_address(request) or UNKNOWN_ADDRESS

    def get_login_stages(self) -> list[str]:
        """Skip address verification when no code can be mailed."""
        return [stage for stage in super().get_login_stages() if can_verify_addresses() or stage != ASK_FOR_CODE]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Build links from SITE_URL. allauth would use the Host header, which a visitor chooses."""
        asked_under = f"{self.request.scheme}://{self.request.get_host()}/"
        public = {
            name: f"{settings.SITE_URL}/{value.removeprefix(asked_under)}"
            for name, value in context.items()
            if isinstance(value, str) and value.startswith(asked_under)
        }
        site = {"domain": urlsplit(settings.SITE_URL).netloc}
        try:
            super().send_mail(template_prefix, email, context | public | {"current_site": site})
        except (OSError, SMTPException) as error:
            log.error("Mail could not be sent: %s: %s", type(error).__name__, error)
            messages.error(self.request, _("The email could not be sent. Contact the server’s administrator."))

    def send_notification_mail(self, *args: Any, **given: Any) -> None:
        """Send after the commit, when the change that it reports has happened."""
        send = super().send_notification_mail
        transaction.on_commit(lambda: send(*args, **given), robust=True)

    def is_safe_url(self, url: str) -> bool:
        """Accept only this site. ALLOWED_HOSTS includes loopback, which for a visitor is their own machine."""
        here = {urlsplit(settings.SITE_URL).netloc, self.request.get_host()}
        return bool(url_has_allowed_host_and_scheme(url, allowed_hosts=here))


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        end_sessions(Actor.of(context.request), sessions)
