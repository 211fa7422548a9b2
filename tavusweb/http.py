"""Helpers for requests and responses."""

import ipaddress
import re
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from tavusweb.env import origin_of
from tavusweb.text_policy import SEPARATORS, spreadsheet_separator

Response = TypeVar("Response", bound=HttpResponseBase)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_FOR = re.compile(r"\s*for\s*=", re.IGNORECASE)
_BRACKETS = re.compile(r"\[([^\[\]]*)\](?::[\w-]*)?")  # [2001:db8::1]:443
_WITH_PORT = re.compile(r"([\d.]+):[\w-]*")  # 203.0.113.7:50000, as Azure writes it


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address as our own proxies report it; "" if it is not an address."""
    text = request.META.get("REMOTE_ADDR", "")
    if count := settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        hops = _hops(request)
        text = hops[-count] if len(hops) >= count else text
    address = read_address(text)
    return str(address) if address else ""


def address_group(request: HttpRequest) -> str:
    """Return the group that a visitor is counted in; see `group_of`."""
    return group_of(client_address(request))


def group_of(text: str) -> str:
    """Return the addresses that count as one visitor: for IPv6 the /64, which one visitor can choose from.

    Visitors without a readable address form one group.
    """
    address = read_address(text)
    if address and address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "unknown")


def read_address(text: str) -> Address | None:
    """Parse an address as proxies write it: with a port, brackets, quotes, `for=`, or a zone.

    An IPv4 address inside an IPv6 one is returned as IPv4. None for `unknown`, `_hidden` and anything else.
    """
    bare = _FOR.sub("", text.strip()).strip().strip('"').strip()
    if (match := _BRACKETS.fullmatch(bare)) or (match := _WITH_PORT.fullmatch(bare)):
        bare = match[1]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return _inner(address) if isinstance(address, ipaddress.IPv6Address) else address


def _inner(address: ipaddress.IPv6Address) -> Address:
    """Return the IPv4 address inside an IPv6 one: mapped, or translated by NAT64, whose /64 is shared by everyone."""
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _hops(request: HttpRequest) -> list[str]:
    """Return the addresses recorded by proxies, the nearest one's last.

    The header is split at commas from the right, whatever the client wrote before them. `Forwarded` is used if the
    operator says so, or if no proxy wrote the other header.
    """
    forwarded = request.headers.get("X-Forwarded-For")
    if forwarded is not None and settings.TRUSTED_PROXY_HEADER != "forwarded":
        return forwarded.split(",")
    elements = request.headers.get("Forwarded", "")
    return [_for_of(element) for element in elements.split(",")] if elements else []


def _for_of(element: str) -> str:
    """Return the last `for=` of one element of an RFC 7239 header."""
    return next((part for part in reversed(element.split(";")) if _FOR.match(part)), "")


def known_media(url: str) -> str:
    """Return a picture's URL if the provider or we host it; else "", so that no third party learns who views it."""
    return url if origin_of(url) in {*settings.TAVUS_MEDIA_ORIGINS, origin_of(settings.SITE_URL)} else ""


def absolute_url(path: str) -> str:
    """Return the public URL of a path on this site."""
    return f"{settings.SITE_URL}{path}"


def safe_next(request: HttpRequest, name: str = "next") -> str:
    """Return the requested next page, from POST or the query; "" unless it is on this site."""
    wanted = request.POST.get(name) or request.GET.get(name, "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def file_separator(request: HttpRequest) -> str:
    """Return the cell separator for an export: `?separator=` by name, else the one of the reader's locale."""
    named = SEPARATORS.get(request.GET.get("separator", ""))
    return named or spreadsheet_separator(request.headers.get("Accept-Language", ""))


def no_store(response: Response) -> Response:
    """Keep a response out of all caches, including the browser's."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def after_answer(response: Response, act: Callable[[], object]) -> Response:
    """Do something once the answer has been sent, so that a busy database keeps nobody waiting for a page.

    For notes that may get lost: an error is not reported.
    """
    response._resource_closers.append(act)  # type: ignore[attr-defined]
    return response
