"""Second factors: allauth's, with their secrets sealed and their names in our words."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError

from tavusweb.sealing import CannotOpen, seal, unseal

from .models import User

SEALED_FOR = "mfa.authenticator"  # allauth does not say which row it seals for
STEP = 30  # seconds, as apps have it
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none


class Unopenable(ValidationError):
    """A second factor's secret that this server's key ring does not open. A page shows nothing in its place."""

    silent_variable_failure = True


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or it has been used. Wait for the next one and try again.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text, row=SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return unseal(encrypted_text, row=SEALED_FOR)
        except CannotOpen:
            raise Unopenable(
                "This server cannot open your second factor any more. Use a passkey, or ask the person who runs it."
            ) from None

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's own name
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"


def use_up(app: TOTP, code: str) -> bool:
    """Remember a code for as long as it is accepted; False when it was used before."""
    return cache.add(app._get_used_cache_key(code), "y", timeout=STEP * (2 * settings.MFA_TOTP_TOLERANCE + 1))


TOTP._mark_code_used = use_up  # type: ignore[assignment,method-assign] # allauth's own forgets a code after one step
