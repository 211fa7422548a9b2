"""Recognise this instance's own URLs, the only ones that the sandbox calls."""

from urllib.parse import urlsplit

from django.conf import settings

DEFAULT_PORTS = {"http": 80, "https": 443}


def own_address(url: str) -> str:
    """Return the URL to call for this callback URL, or "" if it is not this instance's own.

    The result is rebuilt from one of our own origins, so no parser can find another host in it.
    """
    origin = _origin(url)
    own = {_origin(each) for each in (settings.SITE_URL, settings.SANDBOX_API_URL, _listening())}
    if not origin or origin not in own:
        return ""
    parts = urlsplit(url)
    return origin + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _listening() -> str:
    return f"http://{settings.OWN_HOST}:{settings.PORT}"


def _origin(url: str) -> str:
    """Return scheme, host and explicit port; "" if one is missing or the URL has credentials or a backslash."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return ""
    if parts.scheme not in DEFAULT_PORTS or not host or "@" in parts.netloc or "\\" in url:
        return ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"
