"""What is read off a request."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


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
