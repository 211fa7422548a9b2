from typing import Any

from allauth.account import signals as account
from django.dispatch import receiver
from django.http import HttpRequest

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor

from .first_proof import is_proven, prove_from_outside


@receiver(account.password_reset)
def password_reset(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Verify the address: only its owner received the link."""
    if not is_proven(user):
        prove_from_outside(Actor.of(request), user, keep_password=True)
