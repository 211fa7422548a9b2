"""Decide whether Tavus can reach a URL, from its host alone, without DNS or requests."""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import unquote, urlsplit

from django.conf import settings

PRIVATE_ENDINGS = (
    *(".local", ".localhost", ".localdomain", ".internal", ".intranet", ".private", ".corp", ".home", ".lan"),
    *(".home.arpa", ".test", ".invalid"),
)
# A host with such a last part is an IPv4 address, however few parts it has and in whatever base they are written.
NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)
IPV6_UNICAST = IPv6Network("2000::/3")


def is_public(url: str) -> bool:
    """Return whether the host of `url` looks publicly reachable."""
    host = _host(url)
    try:
        return _is_public_address(ip_address(host))
    except ValueError:
        last = host.rpartition(".")[2]
        return last != host and not NUMBER.fullmatch(last) and not host.endswith(PRIVATE_ENDINGS)


def site_is_public() -> bool:
    return is_public(settings.SITE_URL)


def tavus_can_fetch(url: str, *, by_sandbox: bool) -> bool:
    """Return whether the provider can download `url`.

    The sandbox downloads nothing; a local provider reaches local URLs.
    """
    return by_sandbox or is_public(url) or not is_public(settings.TAVUS_API_URL)


def _host(url: str) -> str:
    """The host as a client reads it: look-alike characters normalised, invisible ones removed. Empty if there is none.

    Clients disagree on whether a backslash ends the host, so a URL with one has no certain host.
    """
    try:
        parts = urlsplit(url)
        host = "" if "\\" in parts.netloc else parts.hostname or ""
    except ValueError:
        return ""
    plain = unicodedata.normalize("NFKC", unquote(host)).replace("。", ".")
    return "".join(each for each in plain if unicodedata.category(each) not in {"Cf", "Mn"}).rstrip(".").lower()


def _is_public_address(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    if address.ipv4_mapped:
        return _is_public_address(address.ipv4_mapped)
    return address.is_global and address in IPV6_UNICAST and not address.sixtofour
