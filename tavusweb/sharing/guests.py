"""A guest's own mark: a signed cookie beside the pass, by which they can change and take back what they said.

It is a random number, set when something is written and sent to this one page alone. Only its hash is kept.
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
    """The mark of this browser; "" when it has none, or one of another link."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=f"{SALT}.{link.pk}", max_age=KEPT_FOR))
    except signing.BadSignature:
        return ""


def new_mark() -> str:
    return secrets.token_urlsafe(16)


def key_of(mark: str, link: ShareLink) -> str:
    """What is kept of a mark; "" for none."""
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
