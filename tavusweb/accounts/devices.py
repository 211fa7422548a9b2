"""Browsers that have signed in to an account before: what strangers try does not keep them waiting.

They have a signed cookie, which opens nothing: it only says by what to count wrong passwords and codes.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase

from .models import User

COOKIE, PATH = "known_browser", "/account/"
LASTS = timedelta(days=180)
MOST = 5  # accounts that one browser is known for
_signer = Signer(salt="accounts.devices")


def known_browser(request: HttpRequest, user: User | None) -> str:
    """Return what this browser is counted by at `user`'s account; "" when it has never signed in to it."""
    if user is None:
        return ""
    if request.user == user:
        return f"session {request.session.session_key}"
    return _read(request).get(str(user.pk), "")


class KnownBrowsers:
    """Set the cookie after a sign-in, and answer too many attempts with 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        user = getattr(request, "just_signed_in", None)
        if user is not None and str(user.pk) not in (known := _read(request)):
            entries = [*known.items(), (str(user.pk), secrets.token_hex(8))][-MOST:]
            response.set_cookie(
                COOKIE,
                _signer.sign("/".join(".".join(entry) for entry in entries)),
                max_age=LASTS,
                path=PATH,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        if (wait := getattr(request, "too_many_wait", 0)) and response.status_code == 200:
            response.status_code = 429
            response.headers["Retry-After"] = str(wait)
        return response


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        text = _signer.unsign(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return {}
    return dict(entry.split(".", 1) for entry in text.split("/"))
