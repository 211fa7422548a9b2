"""Middleware for every request and response: known hosts, storable characters, headers."""

from collections.abc import Callable
from itertools import chain

from django.core.exceptions import BadRequest, DisallowedHost
from django.core.handlers.exception import response_for_exception
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    UnreadablePostError,
)
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware
from django.template.loader import render_to_string
from django.utils.cache import has_vary_header

from .appearance import Appearance

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class KnownHost:
    """Reject unknown hosts before SecurityMiddleware, whose rejection would lack our headers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost as error:
            return self.security.process_response(request, response_for_exception(request, error))
        return self.get_response(request)


class StorableCharacters:
    """Reject NUL in URLs and cookies, which PostgreSQL can neither store nor compare.

    Form fields reject it themselves. Nothing else is unstorable: Django replaces invalid UTF-8.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        parameters = chain.from_iterable((name, *values) for name, values in request.GET.lists())
        if any("\0" in text for text in chain([request.path_info], parameters, request.COOKIES.values())):
            raise BadRequest("The address or a cookie contains a NUL character.")  # not translated: for the log
        return self.get_response(request)


class PrivacyHeaders:
    """Add the headers that neither Django nor django-csp sends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if has_vary_header(response, "Cookie"):  # it may be personal
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class MethodNotAllowedPage:
    """Give browsers a page for 405 instead of an empty response, for example on a bookmarked form address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content and _is_shown(request):
            response.content = render_to_string("405.html", {"appearance": Appearance.of(request)})
        return response


def _is_shown(request: HttpRequest) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


class BrokenOff:
    """Respond to requests whose body is incomplete because the client left or was too slow; not a server error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return HttpResponse(status=400) if isinstance(error, UnreadablePostError) else None


class CompressedPages(GZipMiddleware):
    """Compress members' pages, whatever proxy there is or is not: a library is 90 KB of much the same.

    Django adds a random number of bytes, and the token of a form differs each time, so that the size of a page tells
    nothing about it (BREACH). Strangers' pages are small, and stay as they are.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or response.streaming or not has_vary_header(response, "Cookie"):
            return response
        return super().process_response(request, response)
