"""Helpers of views for requests and responses."""

import ipaddress
import re
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
    """The client's IP address, as reported by our own proxies; empty when it is not an address."""
    text = request.META.get("REMOTE_ADDR", "")
    if count := settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        hops = _hops(request)
        text = hops[-count] if len(hops) >= count else text
    address = read_address(text)
    return str(address) if address else ""


def address_group(request: HttpRequest) -> str:
    """Return what a visitor is counted by; see `group_of`."""
    return group_of(client_address(request))


def group_of(text: str) -> str:
    """Return the addresses that count as one visitor: of IPv6 the /64, which is what one visitor has to choose from.

    Visitors without a readable address are one group.
    """
    address = read_address(text)
    if address and address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "unknown")


def read_address(text: str) -> Address | None:
    """Read an address as proxies write it: with a port, in brackets or quotes, with `for=`, with a zone.

    An IPv4 address inside an IPv6 one is the IPv4 address. None for `unknown`, `_hidden` and anything else.
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
    """The IPv4 address inside an IPv6 one: mapped, or translated by NAT64, whose /64 is not one visitor but everybody."""
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _hops(request: HttpRequest) -> list[str]:
    """The addresses that proxies have noted, the nearest one's last.

    Split at commas from the right end on, whatever a visitor has written before them. `Forwarded` counts where the
    operator says so, or where no proxy has written the other header.
    """
    forwarded = request.headers.get("X-Forwarded-For")
    if forwarded is not None and settings.TRUSTED_PROXY_HEADER != "forwarded":
        return forwarded.split(",")
    elements = request.headers.get("Forwarded", "")
    return [_for_of(element) for element in elements.split(",")] if elements else []


def _for_of(element: str) -> str:
    """The last `for=` of one element of RFC 7239's header."""
    return next((part for part in reversed(element.split(";")) if _FOR.match(part)), "")


def known_media(url: str) -> str:
    """Return the URL of a picture if its host is known to be the provider's, or ours; else "", so that no other learns who looks."""
    return url if origin_of(url) in {*settings.TAVUS_MEDIA_ORIGINS, origin_of(settings.SITE_URL)} else ""


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
