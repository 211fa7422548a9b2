"""Choose the language of public pages: the visitor's choice, else the browser's, else English.

The choice is made by a POST to the current page and kept in a cookie for that page; nothing else sets it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation.trans_real import parse_accept_lang_header

View = Callable[..., HttpResponse]

COOKIE = FIELD = "language"
VARY = "Accept-Language"
LONGEST_HEADER = 500  # characters that are looked at, as in Django
KEPT_FOR = timedelta(days=365)


def language_of(request: HttpRequest) -> str:
    """Return the language for this request, one of LANGUAGES."""
    chosen = request.COOKIES.get(COOKIE)
    if chosen and is_known(chosen):
        return chosen
    return _accepted(request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:LONGEST_HEADER])


def is_known(language: str) -> bool:
    return any(language == code for code, _name in settings.LANGUAGES)


@lru_cache(maxsize=1000)
def _accepted(header: str) -> str:
    for wanted, _quality in parse_accept_lang_header(header):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def in_language_of_visitor(view: View) -> View:
    """Respond in the visitor's language. It is active only in this request's thread, and only until the response."""

    @wraps(view)
    def localized(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        language = language_of(request)
        with override(language):
            response = view(request, token, *args, **kwargs)
        response.headers["Content-Language"] = language
        if "Vary" in response.headers:
            patch_vary_headers(response, [VARY])
        else:
            response.headers["Vary"] = VARY
        return response

    return localized


def choose(request: HttpRequest, token: str) -> HttpResponse | None:
    """Store the language chosen on a page and show the page again; None if the request chooses none."""
    chosen = request.POST.get(FIELD)
    if chosen is None:
        return None
    page = reverse("share", args=[token])
    response = HttpResponseRedirect(page)
    if is_known(chosen):
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=KEPT_FOR,
            path=page.replace(";", "%3B"),  # a token of an address that somebody made up adds no attribute
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
