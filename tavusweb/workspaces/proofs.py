"""Where allauth itself tells nobody: forms that write down a proof that failed, and the ending of sessions."""

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from tavusweb.accounts.forms import MALFORMED, CredentialField
from tavusweb.accounts.models import User
from tavusweb.accounts.templatetags.accounts import browser

from . import audit, mail
from .audit import Deed, Target


def failed(request: HttpRequest, person: AbstractBaseUser | None, by: str) -> None:
    """Somebody did not prove to be `person`: on the way in, or, when signed in already, before something dangerous."""
    deed = Deed.CONFIRM_FAILED if request.user.is_authenticated else Deed.SIGN_IN_FAILED
    audit.record(request, deed, target=person, after={"by": by})


class ResetPasswordForm(AllauthResetPasswordForm):
    def clean(self) -> dict[str, Any] | None:
        """Whoever asks: the link would stand in this server's log, where it opens the account to who reads that."""
        if not mail.is_set_up():
            raise ValidationError("This server sends no email. Ask the person who runs it for a new password.")
        return super().clean()

    def save(self, request: HttpRequest, **given: Any) -> str:
        """Written down before the mail goes out, for an unknown address as for a known one, and never what was typed."""
        audit.record(request, Deed.RESET_ASKED, target=next(iter(self.users), None))
        email: str = super().save(request, **given)
        return email


class ChangePasswordForm(AllauthChangePasswordForm):
    def clean_oldpassword(self) -> str:
        try:
            password: str = super().clean_oldpassword()
        except ValidationError:
            failed(context.request, self.user, "password")
            raise
        return password


class AuthenticateWebAuthnForm(webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Any:
        try:
            auth.parse_authentication_response(self.cleaned_data["credential"])
        except MALFORMED:  # no credential at all: nothing was tried
            raise get_adapter().validation_error("incorrect_code") from None
        try:
            return super().clean_credential()
        except MALFORMED:
            failed(context.request, self.user, "passkey")
            raise get_adapter().validation_error("incorrect_code") from None
        except ValidationError as error:
            if error.code == "incorrect_code":  # and not because there were too many
                failed(context.request, self.user, "passkey")
            raise


class LoginWebAuthnForm(AuthenticateWebAuthnForm, webauthn.LoginWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(AuthenticateWebAuthnForm, webauthn.ReauthenticateWebAuthnForm):
    pass


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        request = context.request
        actor = request.user if request else None
        with transaction.atomic():
            for each in sessions:
                where = Target(f"{browser(each.user_agent)}, {each.ip}", each._meta.label_lower, str(each.pk))
                is_anothers = isinstance(actor, User) and actor != each.user
                audit.record(
                    request,
                    Deed.SESSION_ENDED,
                    target=where,
                    by=None if is_anothers else each.user,
                    before={"user": each.user.email} if is_anothers else None,
                )
            super().end_sessions(sessions)
