"""Read environment variables. Only settings.py does; an invalid value ends the start."""

import math
import os
from typing import NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Number = TypeVar("Number", int, float)


def flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() not in {"", "0", "false", "no", "off"}


def words(name: str, default: str = "") -> list[str]:
    return os.environ.get(name, default).replace(",", " ").split()


def number(name: str, default: Number, maximum: float = math.inf) -> Number:
    text = os.environ.get(name) or str(default)
    try:
        value = type(default)(text)
    except ValueError:
        value = type(default)(-1)
    if not 0 <= value <= maximum:
        raise ImproperlyConfigured(f"{name} is not a number that can be used: {text}")
    return value


def web_address(name: str, default: str) -> str:
    url = (os.environ.get(name) or default).rstrip("/")
    if not url.startswith(("https://", "http://")) or not urlsplit(url).hostname:
        raise ImproperlyConfigured(f"{name} is not an address that begins with https:// or http://: {url}")
    return url


class MailServer(NamedTuple):
    host: str
    port: int
    user: str
    password: str
    is_tls_from_the_start: bool  # otherwise STARTTLS


def mail_server(name: str) -> MailServer:
    """Parse the URL of a mail server, such as smtps://host:465; user and password are percent-encoded."""
    parts = urlsplit(os.environ[name])
    try:
        port = parts.port or {"smtp": 587, "smtps": 465}[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    if not port or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        # The message leaves out the value, which contains a password.
        raise ImproperlyConfigured(
            f"{name} is not like smtp://user:password@host:587. In the user and the password, "  # pragma: allowlist secret
            "write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F and % as %25."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port, user, password, parts.scheme == "smtps")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def provider(name: str) -> dict[str, object]:
    """An OpenID Connect provider, from the variables that begin with OIDC_<NAME>_."""
    prefix = f"OIDC_{name.upper().replace('-', '_')}_"
    needed = {each: os.environ.get(prefix + each, "") for each in ("URL", "CLIENT_ID", "CLIENT_SECRET")}
    if missing := [prefix + each for each, value in needed.items() if not value]:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS names {name}, and this is not set: {', '.join(missing)}")
    return {
        "provider_id": name.lower(),
        "name": os.environ.get(f"{prefix}NAME") or name.capitalize(),
        "client_id": needed["CLIENT_ID"],
        "secret": needed["CLIENT_SECRET"],
        "settings": {
            "server_url": web_address(f"{prefix}URL", ""),
            "domains": [domain.lower() for domain in words(f"{prefix}DOMAINS")],
        },
    }
