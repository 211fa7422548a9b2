"""A guest's mark: a signed cookie that lets them edit and take back what they wrote.

It holds a random number, is set on the first comment or answer, and is sent to this one page only. Only its hash is
stored.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from .models import ShareLink

COOKIE = "guest"
KEPT_FOR = timedelta(days=180)
SALT = "sharing.guest"


def mark_of(request: HttpRequest, link: ShareLink) -> str:
    """Return this browser's mark; "" if it has none, or one for another link."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=f"{SALT}.{link.pk}", max_age=KEPT_FOR))
    except signing.BadSignature:
        return ""


def new_mark() -> str:
    return secrets.token_urlsafe(16)


def key_of(mark: str, link: ShareLink) -> str:
    """Return the stored hash of a mark; "" for none."""
    return hashlib.sha256(f"{link.pk} {mark}".encode()).hexdigest()[:32] if mark else ""


def keep(response: HttpResponse, link: ShareLink, mark: str) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(mark, salt=f"{SALT}.{link.pk}"),
        max_age=KEPT_FOR,
        path=link.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
