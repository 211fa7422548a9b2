"""Who can create an account: invited people, and people at a domain that has access to a workspace."""

import logging
from typing import Any, cast

from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.signals import social_account_added
from django import forms
from django.contrib import messages
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts import adapters
from tavusweb.accounts.email_domains import domain_of
from tavusweb.accounts.models import User
from tavusweb.accounts.oidc import AnotherPerson, for_who_is_signed_in
from tavusweb.accounts.receivers import record_failed_proof
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.forms import TextField
from tavusweb.http import address_group
from tavusweb.rate_limits import Limit, is_full, may_go_on
from tavusweb.text_policy import as_line, cut

from .first_proof import is_proven, prove_from_inside, prove_from_outside
from .models import Invitation, JoinDomain

log = logging.getLogger(__name__)


class AccountAdapter(adapters.AccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this server can verify addresses and some workspace has domain access. The form checks which."""
        return adapters.can_verify_addresses() and JoinDomain.objects.exists()


class SignupForm(AllauthSignupForm):
    name = TextField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("At least 10 characters.")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if not JoinDomain.objects.filter(domain=domain_of(email)).exists():
            raise forms.ValidationError(
                _("People at %(domain)s need an invitation. Ask a workspace owner for one."),
                params={"domain": domain_of(email)},
            )
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Tell people who already have an account only by email, after the same work as for a new one."""
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


def _proves(sociallogin: SocialLogin, user: User) -> bool:
    """Whether the provider has verified that the account's own address is this person's."""
    return any(each.verified and each.email.lower() == user.email for each in sociallogin.email_addresses)


@receiver(social_account_added)
def connected(request: HttpRequest, sociallogin: SocialLogin, **kwargs: Any) -> None:
    """Handle the first verification of an address by a person who is already signed in."""
    user = cast(User, sociallogin.user)
    if not is_proven(user) and _proves(sociallogin, user):
        prove_from_inside(Actor.of(request), user, request.session, keep=sociallogin.account)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("This is your only way to sign in. Set a password first."),
        "no_verified_email": _("This is your only way to sign in until your address is verified."),
        "connected_other": _("This account is connected to another user."),
    }

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        try:
            for_who_is_signed_in(request, sociallogin)
        except AnotherPerson:
            record_failed_proof(request, cast(User, request.user), sociallogin.provider.name)
            raise
        self._prove_address(request, sociallogin)

    def _prove_address(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Give an account that was matched by its address alone to the person whose address the provider verified.

        Raise the response if someone connects a different address to an account with an unverified one. The provider
        account may belong to someone else, who would then share an account with a stranger.
        """
        process, is_new = sociallogin.state.get("process"), sociallogin.account._state.adding
        if process == AuthProcess.CONNECT:
            person = request.user
            if isinstance(person, User) and is_new and not (is_proven(person) or _proves(sociallogin, person)):
                context = {"provider": sociallogin.provider}
                raise ImmediateHttpResponse(render(request, "socialaccount/prove_first.html", context, status=403))
        elif process != AuthProcess.REDIRECT and is_new and sociallogin.is_existing:
            user = cast(User, sociallogin.user)
            if not is_proven(user):
                prove_from_outside(Actor.of(request), user)
                messages.info(
                    request, _("Your address is confirmed. Everything set up earlier on this account was removed.")
                )

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        invited = Invitation.objects.open(timezone.now())
        return (
            any(invited.filter(email__iexact=email).exists() for email in verified)
            or JoinDomain.objects.filter(domain__in={domain_of(email) for email in verified}).exists()
        )

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = cut(as_line(str(data.get("name") or "")), 150)
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            record(Actor.of(request).as_user(user), AuditAction.ACCOUNT_CREATED, target=user)
        return user

    def on_authentication_error(self, request: HttpRequest, provider: Any, *args: Any, **given: Any) -> None:
        log.warning("Signing in with %s failed: %s", provider.name, given.get("exception") or given.get("error"))
        # No other limit applies to failing callbacks.
        where = address_group(request)
        is_room_left = not is_full(Limit.RECORD_PROVIDER_FAILED_ANYWHERE, "anywhere")
        is_new = is_room_left and may_go_on(Limit.RECORD_PROVIDER_FAILED, where)
        if is_new and may_go_on(Limit.RECORD_PROVIDER_FAILED_ANYWHERE, "anywhere"):
            record_failed_proof(request, None, provider.name)
