"""A person's sessions: when each began, where it was last seen, and whether it counts as recent."""

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
NOBODYS = 60 * 60  # seconds that a session lasts in which nobody is signed in, such as one with a passkey's challenge
MOST = 50  # sessions that one person has; the one seen longest ago ends
LIST_EVERY = 300.0  # seconds between two updates of where a session was seen, to avoid a write with every page


def note_sign_in(request: HttpRequest, **signal: Any) -> None:
    """Note the time of a sign-in. Django's signal covers all methods; a provider may report an earlier time."""
    now = time.time()
    request.session[LISTED_AT] = now
    request.just_signed_in = signal.get("user")  # type: ignore[attr-defined] # for the cookie of known browsers
    request.session.set_expiry(None)
    request.session[SIGNED_IN_AT] = min(now, getattr(request, "seen_there_at", now))
    if "REMOTE_ADDR" in request.META:  # otherwise there is no browser: a test or a command
        UserSession.objects.create_from_request(request)
        for oldest in UserSession.objects.filter(user=signal.get("user")).order_by("-last_seen_at", "-pk")[MOST:]:
            oldest.end()


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session began recently enough to count as proof of identity."""
    began = request.session.get(SIGNED_IN_AT, 0.0)
    return bool(time.time() - began < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def records(request: HttpRequest) -> list[dict[str, Any]]:
    """allauth's records of how this session was opened and reauthenticated."""
    rows: list[dict[str, Any]] = get_authentication_records(request, cast(AbstractBaseUser, request.user))
    return rows


class ListedSessions:
    """Keep the list of sessions up to date. Pages that do not use the session are ignored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.modified and not request.session.is_empty() and not request.user.is_authenticated:
            request.session.set_expiry(NOBODYS)
        if request.session.accessed and request.user.is_authenticated:
            now = time.time()
            if now - request.session.get(LISTED_AT, 0.0) > LIST_EVERY:
                request.session[LISTED_AT] = now
                UserSession.objects.create_from_request(request)
        return response


FACTORS = ("totp", "recovery_codes", "webauthn")
METHODS = {"code": "email_code"}  # names of allauth's that are too vague


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
