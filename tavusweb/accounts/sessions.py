"""A person's sessions: when each began, where it was seen last, and whether it is fresh enough for danger."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

SIGNED_IN_AT, LISTED_AT = "signed_in_at", "listed_at"  # of the session, in seconds since 1970
LIST_EVERY = 300.0  # seconds between two notes of where a session was seen: not a write with every page


def note_sign_in(request: HttpRequest, **signal: Any) -> None:
    """Whatever way somebody signed in, it was just now. Heard from Django itself, because there are several ways."""
    request.session[SIGNED_IN_AT] = request.session[LISTED_AT] = time.time()
    if "REMOTE_ADDR" in request.META:  # else nobody is at the other end: a test's sign-in, or a command's
        UserSession.objects.create_from_request(request)


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session began so lately that it counts as a proof of who is there."""
    began = request.session.get(SIGNED_IN_AT, 0.0)
    return bool(time.time() - began < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


class ListedSessions:
    """Keeps the list that a person can end sessions from. Pages that never ask who is there stay out of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.accessed and request.user.is_authenticated:
            now = time.time()
            if now - request.session.get(LISTED_AT, 0.0) > LIST_EVERY:
                request.session[LISTED_AT] = now
                UserSession.objects.create_from_request(request)
        return response
