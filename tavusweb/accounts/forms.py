import struct
from types import SimpleNamespace
from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from allauth.socialaccount.forms import DisconnectForm as AllauthDisconnectForm
from allauth.socialaccount.models import SocialApp
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tavusweb.appearance import Theme
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.forms import PasswordField, PastedKeyField, TextField

from .adapters import sends_mail
from .mfa import use_up
from .models import User
from .receivers import record_failed_proof

# Exceptions that allauth and fido2 raise for a made-up credential.
MALFORMED = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


class AppearanceForm(forms.Form):
    """Theme and contrast of this browser."""

    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices, widget=forms.RadioSelect)
    has_more_contrast = forms.BooleanField(
        label=_("High contrast"),
        required=False,
        help_text=_("Always on if your system asks for more contrast."),
    )


class JoinForm(forms.Form):
    """Ask an invited person without an account for a name and a password. The invitation gives the address."""

    name = TextField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = PasswordField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from None
        return password

    def save(self) -> User:
        return User.objects.create_user(self.email, self.cleaned_data["password"], name=self.cleaned_data["name"])


class DigitsField(PastedKeyField):
    """A code from an app, with or without spaces. Phones show a numeric keypad."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=40, **kwargs)


class SetUpAppForm(ActivateTOTPForm):
    code = DigitsField(label=_("Authenticator code"))

    def clean_code(self) -> str:
        """Use up the code, so that it cannot be used to sign in afterwards."""
        code: str = super().clean_code()
        if not use_up(TOTP(Authenticator(user=self.user)), code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(AuthenticateForm):
    code = DigitsField()


class CodeAgainForm(ReauthenticateForm):
    code = DigitsField()


class DisconnectForm(AllauthDisconnectForm):
    def save(self) -> None:
        """Disconnect also when the operator has removed the provider, whose name allauth's mail needs."""
        account = self.cleaned_data["account"]
        try:
            account.get_provider()
        except SocialApp.DoesNotExist:
            account._provider = SimpleNamespace(name=account.provider)
        super().save()


class NameForm(forms.Form):
    name = TextField(
        label=_("Name"), max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class CredentialField(forms.JSONField):
    """A credential that the browser made with a passkey. Never rendered again: each attempt needs a new one."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):  # nested too deeply, or a number with too many digits
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> None:
        return None

    def prepare_value(self, value: Any) -> str:
        return ""


class AddPasskeyForm(AddWebAuthnForm):
    credential = CredentialField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = TextField(
            label=_("Name"),
            required=False,
            max_length=100,
            help_text=_("Helps you tell your passkeys apart."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["passwordless"] = forms.BooleanField(
            label=_("Sign in without a password"),
            required=False,
            initial=True,
            help_text=_(
                "Asks for a fingerprint, face or PIN. Otherwise the passkey is a second step after the password."
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Show an error of the hidden field above the form, where it can be seen."""
        was_malformed = self.errors.pop("credential", None) is not None
        try:
            cleaned: dict[str, Any] = super().clean()
        except (ValidationError, *MALFORMED):
            was_malformed = True
        if was_malformed:
            raise ValidationError(_("This passkey could not be added. Try again or use another one."))
        return cleaned


class RenamePasskeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = TextField(
            label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
        )


class ResetPasswordForm(AllauthResetPasswordForm):
    def clean(self) -> dict[str, Any] | None:
        """Refuse where mail is printed: the link would be in the log, and open the account to anyone who reads it."""
        if not sends_mail():
            raise ValidationError(_("This server can’t send email. Ask its administrator for a new password."))
        return super().clean()

    def save(self, request: HttpRequest, **given: Any) -> str:
        """Record the request before the mail is sent, for unknown addresses too; never what was typed."""
        record(Actor.of(request), AuditAction.PASSWORD_RESET_REQUESTED, target=next(iter(self.users), None))
        email: str = super().save(request, **given)
        return email


class ChangePasswordForm(AllauthChangePasswordForm):
    def clean_oldpassword(self) -> str:
        try:
            password: str = super().clean_oldpassword()
        except ValidationError:
            record_failed_proof(context.request, self.user, "password")
            raise
        return password


class AuthenticateWebAuthnForm(webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Any:
        try:
            auth.parse_authentication_response(self.cleaned_data["credential"])
        except MALFORMED:  # no credential, so no attempt
            raise get_adapter().validation_error("incorrect_code") from None
        try:
            return super().clean_credential()
        except MALFORMED:
            record_failed_proof(context.request, self.user, "webauthn")
            raise get_adapter().validation_error("incorrect_code") from None
        except ValidationError as error:
            if error.code == "incorrect_code":  # and not because there were too many
                record_failed_proof(context.request, self.user, "webauthn")
            raise


class LoginWebAuthnForm(AuthenticateWebAuthnForm, webauthn.LoginWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(AuthenticateWebAuthnForm, webauthn.ReauthenticateWebAuthnForm):
    pass
