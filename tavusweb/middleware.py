"""What every request and answer goes through: the hosts that are ours, and headers."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.shortcuts import render
from django.utils.cache import has_vary_header

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class KnownHost:
    """Refuses a host that is not ours before SecurityMiddleware does, whose refusal would carry none of its headers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost as error:
            return self.security.process_response(request, response_for_exception(request, error))
        return self.get_response(request)


class PrivacyHeaders:
    """Headers that neither Django nor django-csp sends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if has_vary_header(response, "Cookie"):  # it may be somebody's own
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was open too long, or came from somewhere else. Only what came from here is shown again."""
    is_from_here = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return render(request, "403_csrf.html", {"is_from_here": is_from_here}, status=403)
