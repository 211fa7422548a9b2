"""Run allauth's pages that change an account in one transaction with everything their signals cause."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver

# Without the sign-in pages: on SQLite a transaction blocks all other writers, and those pages wait for password
# hashing, mail and providers.
CHANGES = {
    "account_change_password",
    "account_set_password",
    "account_reset_password_from_key",
    "account_email",
    "account_email_verification_sent",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "socialaccount_connections",
}


def both_or_neither(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Wrap those of these views that change an account in one transaction."""
    for each in patterns:
        if isinstance(each, URLResolver):
            both_or_neither(each.url_patterns)
        elif each.name in CHANGES:
            each.callback = _in_one_transaction(each.callback)


def _in_one_transaction(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def changing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return changing
