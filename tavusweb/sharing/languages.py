"""The language of everything public: what the visitor chose on this page, else the browser's, else English.

A choice is a POST to the page that is shown. It is kept in a cookie for this one page; nothing else sets it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation.trans_real import parse_accept_lang_header

View = Callable[..., HttpResponse]

COOKIE = FIELD = "language"
KEPT_FOR = timedelta(days=365)


def language_of(request: HttpRequest) -> str:
    """A language of LANGUAGES for this request."""
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def in_language_of_visitor(view: View) -> View:
    """Answer in the visitor's language. Only the thread of this request speaks it, and only until it is answered."""

    @wraps(view)
    def localized(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        language = language_of(request)
        with override(language):
            response = view(request, token, *args, **kwargs)
        response.headers["Content-Language"] = language
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return localized


def choose(request: HttpRequest, token: str) -> HttpResponse | None:
    """Keep the language that a page's switch sends, and show the page again; None when it sends none."""
    chosen = request.POST.get(FIELD)
    if chosen is None:
        return None
    page = reverse("share", args=[token])
    response = HttpResponseRedirect(page)
    if chosen in dict(settings.LANGUAGES):
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
