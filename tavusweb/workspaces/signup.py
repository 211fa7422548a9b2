"""Who may make an account: who is invited, and who has an address at a domain that a workspace is open to."""

import logging
from typing import Any, cast

from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tavusweb.accounts import adapters
from tavusweb.accounts.email_domains import domain_of
from tavusweb.accounts.models import User
from tavusweb.accounts.oidc import AnotherPerson, for_who_is_signed_in
from tavusweb.accounts.receivers import record_failed_proof
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.http import client_address
from tavusweb.rate_limits import may_go_on

from .models import Invitation, JoinDomain

HOUR = 60 * 60

log = logging.getLogger(__name__)


class AccountAdapter(adapters.AccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Where an address can be verified, and some workspace is open to a domain. The form asks for which."""
        return adapters.can_verify_addresses() and JoinDomain.objects.exists()


class SignupForm(AllauthSignupForm):
    name = forms.CharField(label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = "At least 10 characters."

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if not JoinDomain.objects.filter(domain=domain_of(email)).exists():
            raise forms.ValidationError(
                f"People with an address at {domain_of(email)} need an invitation. Ask the owner of a workspace for one."
            )
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Who has an account already is told by mail only, after the same work as for a new one."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved

    def save(self, request: HttpRequest) -> User:
        with transaction.atomic():
            user = cast(User, super().save(request))
            record(Actor.of(request).as_user(user), AuditAction.ACCOUNT_CREATED, target=user)
        return user

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": "This is your only way in. Set a password first.",
        "no_verified_email": "This is your only way in: your address is not verified yet.",
        "connected_other": "This account is connected to another person here.",
    }

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        try:
            for_who_is_signed_in(request, sociallogin)
        except AnotherPerson:
            record_failed_proof(request, cast(User, request.user), sociallogin.provider.name)
            raise

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        invited = Invitation.objects.open(timezone.now())
        return (
            any(invited.filter(email__iexact=email).exists() for email in verified)
            or JoinDomain.objects.filter(domain__in={domain_of(email) for email in verified}).exists()
        )

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[:150]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            record(Actor.of(request).as_user(user), AuditAction.ACCOUNT_CREATED, target=user)
        return user

    def on_authentication_error(self, request: HttpRequest, provider: Any, *args: Any, **given: Any) -> None:
        log.warning("Signing in with %s failed: %s", provider.name, given.get("exception") or given.get("error"))
        # Nothing else limits who comes back with nonsense.
        where = client_address(request)
        if may_go_on("provider-failed", where, most=10, seconds=HOUR) and may_go_on(
            "provider-failed", "anywhere", most=100, seconds=HOUR
        ):
            record_failed_proof(request, None, provider.name)
