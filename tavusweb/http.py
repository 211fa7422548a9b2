"""What every request and answer goes through: headers, the look of forms, error reports."""

import ipaddress
import re
from collections.abc import Callable, ItemsView
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import response_for_exception
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.shortcuts import render
from django.utils.cache import has_vary_header
from django.views.debug import SafeExceptionReporterFilter

Answer = Callable[[HttpRequest], HttpResponseBase]


class FormRenderer(TemplatesSetting):
    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"


class ErrorReports(SafeExceptionReporterFilter):
    """What an error report may tell, also while DEBUG is on: no variable of any frame and nothing that was typed.

    A frame on the way to Tavus may hold an API key, and a submitted form may hold one.
    """

    hidden_settings = re.compile(
        SafeExceptionReporterFilter.hidden_settings.pattern + "|_URL$|EMAIL_CONFIG|LOCATION|REDIS", re.IGNORECASE
    )

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return {}.items()


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, as far as our own proxies can be believed; empty when that is no address."""
    text = request.META.get("REMOTE_ADDR", "")
    if count := settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        text = hops[-count] if len(hops) >= count else text
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""


class KnownHost:
    """Refuses a host that is not ours before SecurityMiddleware does, whose refusal would carry none of its headers."""

    def __init__(self, get_response: Answer) -> None:
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

    def __init__(self, get_response: Answer) -> None:
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
