"""Whether Tavus can reach this server, judged by names alone: nothing is resolved or asked."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from tavusweb.keys.models import APIKey

PRIVATE_ENDINGS = (".local", ".internal", ".localhost", ".lan", ".home.arpa", ".test", ".invalid")


def is_public(url: str) -> bool:
    """Whether the host of `url` looks like one that the whole internet can reach."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    try:
        return ip_address(host).is_global
    except ValueError:
        ending = host.rpartition(".")[2]
        return ending != host and not ending.isdigit() and not host.endswith(PRIVATE_ENDINGS)


def site_is_public() -> bool:
    return is_public(settings.SITE_URL)


def tavus_can_fetch(url: str, key: APIKey) -> bool:
    """Whether what this key speaks to can download `url`: the sandbox never does, a local server is near enough."""
    return key.is_sandbox or is_public(url) or not is_public(settings.TAVUS_API_URL)
