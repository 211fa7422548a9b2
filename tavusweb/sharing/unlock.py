"""The password of a share link: who has entered it, and how often one may try.

A browser that has is told by a signed cookie for this one page, which is set for no other reason and ends by itself.
"""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from tavusweb.http import client_address
from tavusweb.rate_limits import may_go_on

from .models import ShareLink

COOKIE = "unlocked"
LASTS = timedelta(hours=12)
MINUTES = 60
_signer = TimestampSigner(salt="sharing.lock")


def is_locked(request: HttpRequest, link: ShareLink) -> bool:
    """Whether this browser has still to enter the password."""
    if not link.has_password:
        return False
    try:
        return _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=LASTS) != _name(link)
    except BadSignature:
        return True


def may_try(request: HttpRequest, link: ShareLink) -> bool:
    """Count one more try: few from one address, and so many for one link that no crowd of addresses guesses it."""
    return may_go_on("unlock", f"{link.pk} {client_address(request)}", most=10, seconds=10 * MINUTES) and may_go_on(
        "unlock", link.pk, most=100, seconds=60 * MINUTES
    )


def unlock(response: HttpResponse, link: ShareLink) -> None:
    response.set_cookie(
        COOKIE,
        _signer.sign(_name(link)),
        max_age=LASTS,
        path=link.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _name(link: ShareLink) -> str:
    """The link with this very password: a cookie for another one opens nothing."""
    return hashlib.sha256(f"{link.pk} {link.password_hash}".encode()).hexdigest()
