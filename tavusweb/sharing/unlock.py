"""The password of a share link: which browsers have entered it, and how many attempts there are.

A browser that has entered it keeps a signed cookie for this one page. It opens the page for a while, and is known by it
for longer: what strangers try does not keep it waiting.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tavusweb import guesses
from tavusweb.http import address_group

from .models import ShareLink
from .notices import note_guessing

COOKIE = "unlocked"
LASTS = timedelta(hours=12)
KNOWN_FOR = timedelta(days=30)  # then others' wrong passwords no longer count against this browser
_signer = Signer(salt="sharing.lock")


def unlocked_until(request: HttpRequest, link: ShareLink) -> datetime | None:
    """When this browser has to enter the password again; None when it has not entered this link's password."""
    try:
        name, _, seconds = _signer.unsign(request.COOKIES.get(COOKIE, "")).partition(".")
    except BadSignature:
        return None
    return datetime.fromtimestamp(int(seconds), UTC) if name == _name(link) else None


def try_password(request: HttpRequest, link: ShareLink, typed: str) -> tuple[bool, int]:
    """Check a password: whether it is right, and how many seconds to wait when it was not even looked at."""
    known = request.COOKIES[COOKIE] if unlocked_until(request, link) else ""
    slot = guesses.begin(guesses.UNLOCK, link.pk, group=address_group(request), browser=known)
    if not slot:
        return False, slot.wait
    if link.is_password(typed):
        slot.give_back()
        return True, 0
    if not known and guesses.missed(guesses.UNLOCK, link.pk):
        note_guessing(link)
    return False, 0


def unlock(response: HttpResponse, link: ShareLink) -> None:
    until = timezone.now() + LASTS
    response.set_cookie(
        COOKIE,
        _signer.sign(f"{_name(link)}.{int(until.timestamp())}"),
        max_age=KNOWN_FOR,
        path=link.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _name(link: ShareLink) -> str:
    """A fingerprint of the link and its password: a new password invalidates old cookies."""
    return hashlib.sha256(f"{link.pk} {link.password_hash}".encode()).hexdigest()
