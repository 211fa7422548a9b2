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

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import Target, record

from .browsers import browser
from .mfa import standing
from .models import User
from .reauthentication import must_show

log = logging.getLogger(__name__)

ASK_FOR_CODE = "allauth.account.stages.EmailVerificationStage"
WAYS_TO_SHOW = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
    "provider": "Use single sign-on",
}


def can_verify_addresses() -> bool:
    """Whether somebody can be sent the code that shows that an address is theirs."""
    return bool(settings.EMAIL_CONFIG)


def sends_mail() -> bool:
    """Whether mail leaves this server. Without a server for it mail is printed, and a link has no place in a log."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


class AccountAdapter(DefaultAccountAdapter):
    """What we change of allauth: nobody signs up unasked, and mail names this server's public address."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "duplicate_email": "This is your address already.",
        "email_password_mismatch": "The address or the password is not right. Try again.",
        "enter_current_password": "This is not your current password.",
        "incorrect_code": "This code is not right. Only the newest one counts: look into your mail again.",
        "incorrect_password": "This is not your password.",
        "rate_limited": "Too many tries. Wait a minute, then try again.",
        "too_many_login_attempts": "Too many failed tries. Wait some minutes, then sign in again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def is_reauthentication_required(self, *, app: str, **given: Any) -> bool:
        """Ours alone decides. By raising: to a "yes" of ours allauth says no for whom it knows no way to show it."""
        if must_show(self.request):
            raise ReauthenticationRequired
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who owes a second factor shows that, and nothing less."""
        ways = super().get_reauthentication_methods(user)
        if user.is_authenticated and standing(self.request).owes_it:
            ways = [way for way in ways if way["id"].startswith("mfa_")]
        elif user.is_authenticated and (not ways or SocialAccount.objects.filter(user=user).exists()):
            ways.append({"id": "provider", "url": reverse("reauthenticate_by_provider")})
        return [way | {"description": WAYS_TO_SHOW[way["id"]]} for way in ways]

    def get_login_stages(self) -> list[str]:
        """Without mail nobody could be sent the code that an unverified address is asked for."""
        return [stage for stage in super().get_login_stages() if can_verify_addresses() or stage != ASK_FOR_CODE]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Allauth writes links with the name that the request came under, which a visitor chooses."""
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
            messages.error(self.request, "This server could not send the email. Tell the person who runs it.")

    def send_notification_mail(self, *args: Any, **given: Any) -> None:
        """Of what has come to pass: when a transaction is under way, once it has."""
        send = super().send_notification_mail
        transaction.on_commit(lambda: send(*args, **given), robust=True)

    def is_safe_url(self, url: str) -> bool:
        """Allauth leads to every host of ALLOWED_HOSTS, and loopback is one: for a visitor, their own machine."""
        here = {urlsplit(settings.SITE_URL).netloc, self.request.get_host()}
        return bool(url_has_allowed_host_and_scheme(url, allowed_hosts=here))


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        request = context.request
        actor = request.user if request else None
        with transaction.atomic():
            for each in sessions:
                where = Target(f"{browser(each.user_agent)}, {each.ip}", each._meta.label_lower, str(each.pk))
                is_anothers = isinstance(actor, User) and actor != each.user
                record(
                    Actor.of(request) if is_anothers else Actor.of(request).as_user(each.user),
                    AuditAction.SESSION_ENDED,
                    target=where,
                    before={"user": each.user.email} if is_anothers else None,
                )
            super().end_sessions(sessions)
