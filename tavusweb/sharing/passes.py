"""A pass: what a browser has proven to a share link, in a signed cookie for this one page.

It expires, and is bound to the rule it satisfied: a new password, or an address no longer allowed, takes effect at
once.
"""

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from .models import ShareLink
from .visitor_policy import Visitor

COOKIE = "pass"
LASTS = timedelta(hours=12)
KNOWN_FOR = timedelta(days=30)  # then others' wrong passwords no longer count against this browser
SALT = "sharing.pass"


@dataclass(frozen=True, slots=True)
class Pass:
    """What one browser has proven to one link. `password` is a fingerprint of the correct password."""

    email: str = ""
    is_email_confirmed: bool = False
    password: str = ""
    is_admitted: bool = False

    def visitor(self, link: ShareLink) -> Visitor:
        return Visitor(
            email=self.email,
            is_email_confirmed=self.is_email_confirmed,
            has_password=bool(self.password) and self.password == _fingerprint(link),
            is_admitted=self.is_admitted,
        )

    def with_email(self, email: str) -> "Pass":
        return replace(self, email=email, is_email_confirmed=False)

    def with_confirmed_email(self) -> "Pass":
        return replace(self, is_email_confirmed=True)

    def with_password_of(self, link: ShareLink) -> "Pass":
        return replace(self, password=_fingerprint(link))

    def admitted(self) -> "Pass":
        return replace(self, is_admitted=True)


def read(request: HttpRequest, link: ShareLink) -> Pass:
    """Return this browser's pass; an empty one if it has none, or an expired or foreign one."""
    return _read(request, link, LASTS)


def known_browser(request: HttpRequest, link: ShareLink) -> str:
    """Identify a browser that entered the password within KNOWN_FOR; "" for any other."""
    is_known = _read(request, link, KNOWN_FOR).visitor(link).has_password
    return request.COOKIES[COOKIE] if is_known else ""


def _read(request: HttpRequest, link: ShareLink, max_age: timedelta) -> Pass:
    try:
        return Pass(**signing.loads(request.COOKIES.get(COOKIE, ""), salt=_salt(link), max_age=max_age))
    except (signing.BadSignature, ValueError, TypeError):
        return Pass()


def write(response: HttpResponse, link: ShareLink, proven: Pass) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(asdict(proven), salt=_salt(link)),
        max_age=KNOWN_FOR,
        path=link.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _salt(link: ShareLink) -> str:
    return f"{SALT}.{link.pk}"


def _fingerprint(link: ShareLink) -> str:
    return hashlib.sha256(f"{link.pk} {link.password_hash}".encode()).hexdigest()[:32]
