"""Audit events for sign-ins, failed attempts and changes of accounts, whatever the method."""

from typing import Any

from allauth.account import signals as account
from allauth.core import context
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record

from .models import User
from .sessions import ways_in


def record_failed_proof(request: HttpRequest, person: AbstractBaseUser | None, by: str) -> None:
    """Record a failed proof of identity: at sign-in, or at reauthentication if someone is signed in."""
    action = AuditAction.CONFIRM_FAILED if request.user.is_authenticated else AuditAction.SIGN_IN_FAILED
    record(Actor.of(request), action, target=person, after={"by": by})


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    by = ways_in(request, user)
    record(Actor.of(request).as_user(user), AuditAction.SIGNED_IN, after={"by": by} if by else None)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user:
        record(Actor.of(request).as_user(user), AuditAction.SIGNED_OUT)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Name the account, if it exists. The input is not kept: it may be a password in the wrong field."""
    person = getattr(request, "user", None)
    if request and isinstance(person, User):
        record_failed_proof(request, person, "password")
        return
    typed = str(credentials.get("email") or credentials.get("username") or "")
    record(Actor.of(request), AuditAction.SIGN_IN_FAILED, target=User.objects.filter(email__iexact=typed).first())


@receiver(mfa.authentication_failed)
def second_factor_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A wrong code. Passkeys send no signal; their forms in `forms` record failures."""
    record_failed_proof(request, user, "code")


@receiver(account.email_verification_code_rejected)
def code_by_email_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    if not request.user.is_authenticated:  # otherwise a code for a new address was mistyped
        record_failed_proof(request, user, "email_code")


@receiver(account.password_changed)
@receiver(account.password_set)
@receiver(account.password_reset)
def password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record(
        Actor.of(request).as_user(user),
        AuditAction.ACCOUNT_CHANGED,
        target=user,
        after={"changed": "sign_in"},
    )


@receiver(account.email_changed)
def email_changed(
    request: HttpRequest, user: User, from_email_address: Any, to_email_address: Any, **kwargs: Any
) -> None:
    was = {"email": from_email_address.email} if from_email_address else None
    record(
        Actor.of(request).as_user(user),
        AuditAction.ACCOUNT_CHANGED,
        target=user,
        before=was,
        after={"email": to_email_address.email},
    )


@receiver(post_save, sender=Authenticator)
@receiver(post_delete, sender=Authenticator)
def second_factor_changed(instance: Authenticator, created: bool | None = None, **kwargs: Any) -> None:
    """Record changes of one's own factors. On the model's signals, because allauth's are sent after the commit."""
    request = context.request
    if created is False or not request or request.user != instance.user:
        return
    happened = "added" if created else "removed"
    record(Actor.of(request), AuditAction.ACCOUNT_CHANGED, target=instance.user, after={happened: str(instance.type)})


@receiver(social.social_account_added)
@receiver(social.social_account_removed)
def provider_changed(signal: Any, request: HttpRequest, **kwargs: Any) -> None:
    connected = kwargs.get("socialaccount") or kwargs["sociallogin"].account
    happened = "removed" if signal is social.social_account_removed else "added"
    record(
        Actor.of(request).as_user(connected.user),
        AuditAction.ACCOUNT_CHANGED,
        target=connected.user,
        after={happened: connected.provider},
    )
