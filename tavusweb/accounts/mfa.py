"""allauth's second factors, with encrypted secrets."""

from dataclasses import dataclass
from typing import Any

import allauth.mfa.base.forms
import allauth.mfa.totp.forms
import allauth.mfa.webauthn.forms
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tavusweb.sealing import CannotOpen, seal, unseal

from .models import User
from .sessions import records
from .sign_in_limits import check_codes, check_passkeys

SEALED_FOR = "mfa.authenticator"  # allauth does not tell which row a secret is for
STEP = 30  # seconds, as in authenticator apps
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone don't count


class Unopenable(ValidationError):
    """The secret of a second factor cannot be decrypted with this server's key ring."""

    silent_variable_failure = True


@dataclass(frozen=True)
class MFAState:
    """Whether a person has a second factor, and whether this session has proven one that they still have."""

    has_one: bool
    has_shown_it: bool

    @property
    def owes_it(self) -> bool:
        """True for a session that has not proven the second factor, for example because it is older than the factor."""
        return self.has_one and not self.has_shown_it


def mfa_state(request: HttpRequest) -> MFAState:
    kinds = dict(Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", "type"))
    shown = {record.get("id") for record in records(request) if record["method"] == "mfa"}
    has_one = any(kind in FACTORS for kind in kinds.values())
    return MFAState(has_one, has_one and not shown.isdisjoint(kinds))


def note_set_up(request: HttpRequest, user: User, authenticator: Authenticator, **signal: Any) -> None:
    """Setting up the first factor proves it for this session. Setting up another proves nothing about the first."""
    if authenticator.type not in FACTORS:
        return
    if not Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=authenticator.pk).exists():
        record_authentication(request, user, "mfa", id=authenticator.pk, type=str(authenticator.type))


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Invalid or used code. Wait for the next one."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, row=SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return unseal(encrypted_text, row=SEALED_FOR)
        except CannotOpen:
            raise Unopenable(
                _(
                    "Your second factor can no longer be read on this server. Use a passkey or contact the server’s administrator."
                )
            ) from None

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's own name
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}


def use_up(app: TOTP, code: str) -> bool:
    """Remember a code for as long as it is valid; False when it was used before."""
    return cache.add(app._get_used_cache_key(code), "y", timeout=STEP * (2 * settings.MFA_TOTP_TOLERANCE + 1))


TOTP._mark_code_used = use_up  # type: ignore[assignment,method-assign] # allauth's own forgets a code after one step

# allauth counts by account alone, so that anybody could keep everybody from their second factor.
for _forms, _check in (
    (allauth.mfa.base.forms, check_codes),
    (allauth.mfa.totp.forms, check_codes),
    (allauth.mfa.webauthn.forms, check_passkeys),
):
    setattr(_forms, "check_rate_limit", _check)  # noqa: B010 - it is none of their names to mypy
