"""Check the password of a share link, so that guessing is slow and keeps nobody else waiting."""

from django.http import HttpRequest

from tavusweb import guesses
from tavusweb.http import address_group

from . import passes
from .models import ShareLink
from .notices import note_guessing


def check(request: HttpRequest, link: ShareLink, typed: str) -> tuple[bool, int]:
    """Tell whether a password is right, and how many seconds to wait when it was not even looked at.

    A browser that has entered it before does not wait for what strangers try. The owners are told of many wrong ones.
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
