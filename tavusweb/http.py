"""Helpers of views for requests and responses."""

import ipaddress
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from tavusweb.text_policy import SEPARATORS, spreadsheet_separator

Response = TypeVar("Response", bound=HttpResponseBase)


def client_address(request: HttpRequest) -> str:
    """The client's IP address, as reported by our own proxies; empty when it is not an address."""
    text = request.META.get("REMOTE_ADDR", "")
    if count := settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        text = hops[-count] if len(hops) >= count else text
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""


def absolute_url(path: str) -> str:
    """Return the public address of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def safe_next(request: HttpRequest, name: str = "next") -> str:
    """Return the requested next page, from POST or the query; "" unless it is on this site."""
    wanted = request.POST.get(name) or request.GET.get(name, "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def file_separator(request: HttpRequest) -> str:
    """Return what separates the cells of a file: `?separator=` by name, else what the reader's locale expects."""
    named = SEPARATORS.get(request.GET.get("separator", ""))
    return named or spreadsheet_separator(request.headers.get("Accept-Language", ""))


def no_store(response: Response) -> Response:
    """Keep a response out of all caches, including the browser's."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
