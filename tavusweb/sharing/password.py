"""Check the password of a share link, so that guessing is slow and nobody else has to wait."""

from django.http import HttpRequest

from tavusweb import guesses
from tavusweb.http import address_group

from . import passes
from .models import ShareLink
from .notices import note_guessing


def check(request: HttpRequest, link: ShareLink, typed: str) -> tuple[bool, int]:
    """Return whether a password is correct, and the seconds to wait if it was not checked.

    A browser that has entered it before does not wait because of strangers. The owners are notified of many wrong
    attempts.
    """
    known = passes.known_browser(request, link)
    slot = guesses.begin(guesses.UNLOCK, link.pk, group=address_group(request), browser=known)
    if not slot:
        return False, slot.wait
    if link.is_password(typed):
        slot.give_back()
        return True, 0
    if not known and guesses.missed(guesses.UNLOCK, link.pk):
        note_guessing(link)
    return False, 0
