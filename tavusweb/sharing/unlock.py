"""The password of a share link: which browsers have entered it, and how many attempts there are.

A browser that has entered it keeps a signed cookie for this one page, which expires by itself.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tavusweb.http import address_group
from tavusweb.rate_limits import Limit, may_go_on

from .models import ShareLink

COOKIE = "unlocked"
LASTS = timedelta(hours=12)
_signer = Signer(salt="sharing.lock")


def unlocked_until(request: HttpRequest, link: ShareLink) -> datetime | None:
    """When this browser has to enter the password again; None when it has not entered this link's password."""
    try:
        name, _, seconds = _signer.unsign(request.COOKIES.get(COOKIE, "")).partition(".")
    except BadSignature:
        return None
    return datetime.fromtimestamp(int(seconds), UTC) if name == _name(link) else None


def may_try(request: HttpRequest, link: ShareLink) -> bool:
    """Count one more attempt: few per address, and per link too few for many addresses to guess together."""
    return may_go_on(Limit.UNLOCK, f"{link.pk} {address_group(request)}") and may_go_on(Limit.UNLOCK_LINK, link.pk)


def unlock(response: HttpResponse, link: ShareLink) -> None:
    until = timezone.now() + LASTS
    response.set_cookie(
        COOKIE,
        _signer.sign(f"{_name(link)}.{int(until.timestamp())}"),
        max_age=LASTS,
        path=link.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _name(link: ShareLink) -> str:
    """A fingerprint of the link and its password: a new password invalidates old cookies."""
    return hashlib.sha256(f"{link.pk} {link.password_hash}".encode()).hexdigest()
