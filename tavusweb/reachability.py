"""Whether Tavus can reach an address, judged by its host alone: nothing is resolved or asked."""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import unquote, urlsplit

from django.conf import settings

PRIVATE_ENDINGS = (
    *(".local", ".localhost", ".localdomain", ".internal", ".intranet", ".private", ".corp", ".home", ".lan"),
    *(".home.arpa", ".test", ".invalid"),
)
# A host that ends like this is an IPv4 address, however few its parts are and whatever base they are written in.
NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)
IPV6_UNICAST = IPv6Network("2000::/3")


def is_public(url: str) -> bool:
    """Whether the host of `url` looks like one that the whole internet can reach."""
    host = _host(url)
    try:
        return _is_public_address(ip_address(host))
    except ValueError:
        last = host.rpartition(".")[2]
        return last != host and not NUMBER.fullmatch(last) and not host.endswith(PRIVATE_ENDINGS)


def site_is_public() -> bool:
    return is_public(settings.SITE_URL)


def tavus_can_fetch(url: str, *, by_sandbox: bool) -> bool:
    """Whether the provider can download `url`: the sandbox never does, a local server is near enough."""
    return by_sandbox or is_public(url) or not is_public(settings.TAVUS_API_URL)


def _host(url: str) -> str:
    """The host as one who fetches `url` reads it: look-alikes made plain, invisible letters gone. Empty for none.

    A backslash ends the host for some readers and not for others, so that no host is certain.
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
