"""A person's sessions: when each began, where it was seen last, and whether it is fresh enough for danger."""

import time
from collections.abc import Callable
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase

from .models import User

SIGNED_IN_AT, LISTED_AT = "signed_in_at", "listed_at"  # of the session, in seconds since 1970
LIST_EVERY = 300.0  # seconds between two notes of where a session was seen: not a write with every page


def note_sign_in(request: HttpRequest, **signal: Any) -> None:
    """Heard from Django itself, because there are several ways to sign in. A provider may have seen them earlier."""
    now = time.time()
    request.session[LISTED_AT] = now
    request.session[SIGNED_IN_AT] = min(now, getattr(request, "seen_there_at", now))
    if "REMOTE_ADDR" in request.META:  # else nobody is at the other end: a test's sign-in, or a command's
        UserSession.objects.create_from_request(request)


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session began so lately that it counts as a proof of who is there."""
    began = request.session.get(SIGNED_IN_AT, 0.0)
    return bool(time.time() - began < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def records(request: HttpRequest) -> list[dict[str, Any]]:
    """How this session was opened, and by what it has been shown since who is there: as allauth notes it."""
    rows: list[dict[str, Any]] = get_authentication_records(request, cast(AbstractBaseUser, request.user))
    return rows


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


FACTORS = ("totp", "recovery_codes", "webauthn")
METHODS = {"code": "email_code"}  # allauth's names, where they say too little


def ways_in(request: HttpRequest, user: User | None = None) -> list[str]:
    """How the session's person signed in, without what they proved again later: kinds of `audit.words.WAYS_IN`.

    A single sign-on provider is named as the operator has named it.
    """
    person = user or request.user
    records = get_authentication_records(request, person)  # type: ignore[arg-type]
    return [_kind_of(each) for each in records if not each.get("reauthenticated")]


def _kind_of(record: dict[str, Any]) -> str:
    match record.get("method"):
        case "mfa":
            factor = str(record.get("type"))
            return factor if factor in FACTORS else "second_factor"
        case "socialaccount":
            names = {each["provider_id"]: str(each["name"]) for each in settings.OIDC_PROVIDERS}
            return names.get(record.get("provider"), "single_sign_on")
        case method:
            return METHODS.get(str(method), str(method or "unknown"))
