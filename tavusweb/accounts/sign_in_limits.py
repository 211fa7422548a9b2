"""How often a password or a code may be wrong. By browser, address and account, where allauth counts by account alone."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from allauth.core import context
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django_q.tasks import async_task

from tavusweb import guesses
from tavusweb.guesses import too_many_failed
from tavusweb.http import address_group
from tavusweb.rate_limits import Limit, Slot, is_full, take

from .devices import known_browser
from .models import User

TELL_OF_GUESSING = "tavusweb.accounts.notices.tell_of_guessing"


class PasswordTry:
    """One attempt to sign in with a password. Made before the password is checked; raises ValidationError."""

    def __init__(self, request: HttpRequest, email: str) -> None:
        self.email = email.strip().lower()
        self.user = User.objects.filter(email=self.email.replace("\0", "")).first()
        self.browser, group = known_browser(request, self.user), address_group(request)
        self.slots: list[Slot] = []
        if not self.browser:
            self._take(request, take(Limit.SIGN_IN_ADDRESS, group))
        self._take(request, guesses.begin(guesses.SIGN_IN, self.email, group=group, browser=self.browser))

    def _take(self, request: HttpRequest, slot: Slot) -> None:
        if not slot:
            self.was_right()
            raise _too_many(request, slot.wait)
        self.slots.append(slot)

    def was_right(self) -> None:
        for slot in self.slots:
            slot.give_back()

    def was_wrong(self) -> None:
        """Count against the account; its owner is told once a day, whether or not there is one takes as long."""
        is_news = not self.browser and guesses.missed(guesses.SIGN_IN, self.email)
        if is_news and self.user:
            transaction.on_commit(partial(async_task, TELL_OF_GUESSING, self.user.pk, save=False), robust=True)


def forget_failures(request: HttpRequest, email: str) -> None:
    guesses.forget(guesses.SIGN_IN, email.lower(), group=address_group(request))


def check_codes(user: User, error_key: str | None = None) -> Callable[[], None]:
    """In place of allauth's `check_rate_limit` for codes, of which there are few enough to guess.

    A person asked for a code already has the password or a session, so one limit covers all unknown browsers of an
    account.
    """
    browser = known_browser(context.request, user)
    if not browser and is_full(Limit.CODE_ACCOUNT, user.pk):
        raise _too_many(context.request, take(Limit.CODE_ACCOUNT, user.pk).wait)
    slots = [take(Limit.CODE, f"{user.pk} {browser or address_group(context.request)}")]
    if slots[0] and not browser:
        slots.append(take(Limit.CODE_ACCOUNT, user.pk))
    return _unless_too_many(slots)


def check_passkeys(user: User, error_key: str | None = None) -> Callable[[], None]:
    """The same for passkeys. Strangers can fail at those of anybody, so no account has a limit over all."""
    who = known_browser(context.request, user) or address_group(context.request)
    return _unless_too_many([take(Limit.PASSKEY, f"{user.pk} {who}")])


def few_challenges(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Limit how many visitors of an address begin to sign in with a passkey: each challenge is a session in the database."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_new = request.method == "GET" and not request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if is_new and not (slot := take(Limit.PASSKEY_CHALLENGE, address_group(request))):
            message = {"detail": too_many_failed(slot.wait)}
            return JsonResponse(message, status=429, headers={"Retry-After": str(slot.wait)})
        return view(request, *args, **kwargs)

    return limited


def _unless_too_many(slots: list[Slot]) -> Callable[[], None]:
    if missing := [slot for slot in slots if not slot]:
        for slot in slots:
            slot.give_back()
        raise _too_many(context.request, missing[0].wait)

    def was_right() -> None:
        for slot in slots:
            slot.give_back()

    return was_right


def _too_many(request: HttpRequest, wait: int) -> ValidationError:
    request.too_many_wait = wait  # type: ignore[attr-defined] # for the status of the answer
    return ValidationError(too_many_failed(wait), code="too_many_login_attempts")
