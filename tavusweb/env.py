"""Read environment variables for settings.py, their only reader. An invalid value aborts the start."""

import math
import os
import re
from email.utils import getaddresses, parseaddr
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

Number = TypeVar("Number", int, float)


ON, OFF = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
# What may stand in an address as a browser and a Content-Security-Policy read it. Others are written as xn--….
_HOST = re.compile(r"(?!.*\.\.)[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
EVERY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104 - to refuse them
USUAL_PORTS = {"https": 443, "http": 80}


def text(name: str, default: str = "") -> str:
    """Return a variable without surrounding whitespace, common in settings files; `default` if nothing is left."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    given = os.environ.get(name, "1" if default else "0").strip().lower()
    if given not in ON | OFF:
        raise ImproperlyConfigured(f"{name} has to be 1 or 0, not {given}")
    return given in ON


def choice(name: str, values: list[str]) -> str:
    """Return one of `values`, ignoring case. The first is the default."""
    given = text(name, values[0]).lower()
    if given not in values:
        raise ImproperlyConfigured(f"{name} has to be one of {', '.join(values)}, not {given}")
    return given


def words(name: str, default: str = "") -> list[str]:
    return os.environ.get(name, default).replace(",", " ").split()


def number(name: str, default: Number, maximum: float = math.inf, *, minimum: float = 0) -> Number:
    given = text(name, str(default))
    try:
        value = type(default)(given)
    except ValueError:
        value = type(default)(-1)
    if not minimum <= value <= maximum:
        raise ImproperlyConfigured(f"{name} is not a number that can be used: {given}")
    return value


def web_address(name: str, default: str) -> str:
    """Return a URL without a trailing slash. Credentials are refused, because the URL is shown and logged."""
    url = text(name, default).rstrip("/")
    if problem := _fault(url):
        raise ImproperlyConfigured(f"{name} {problem}: {_without_password(url)}")
    return url


def site_address(name: str, default: str) -> str:
    """Return the URL of the whole site: all links begin with it, and the pages are served at its root."""
    url = web_address(name, default)
    if urlsplit(url).path:
        raise ImproperlyConfigured(
            f"{name} has a path, and the site can only be at the root of its address: {url}. Give it a host name of its own."
        )
    host = str(urlsplit(url).hostname)
    if host in EVERY_ADDRESS:
        raise ImproperlyConfigured(
            f"{name} names every address of this machine; name the one that browsers open: {url}"
        )
    if not _can_be_asked_for(host):
        raise ImproperlyConfigured(
            f"{name} has a host with an underscore or a final dot, which cannot be served: {url}"
        )
    return origin_of(url)


def origins(name: str, default: str) -> list[str]:
    """Return the origin of each URL. Wildcards are refused: the browser would allow what the pages reject."""
    for url in words(name, default):
        if problem := _fault(url):
            raise ImproperlyConfigured(f"{name} {problem}: {_without_password(url)}")
    return [origin_of(url) for url in words(name, default)]


def _fault(url: str) -> str:
    """Describe what is wrong with a URL, to follow the variable's name; "" if it is valid."""
    try:
        parts = urlsplit(url)
        port = parts.port or 0
    except ValueError:
        return "is not an address"
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{port}")
    if parts.scheme not in USUAL_PORTS:
        return "is not an address that begins with https:// or http://"
    if "*" in parts.netloc:
        return "has a wildcard; name each host"
    if not _HOST.fullmatch(host) or url != url.strip() or any(mark.isspace() for mark in url):
        return "does not name a host (names with other letters are written as xn--…)"
    if parts.username is not None or parts.password is not None:
        return "has a user name or a password, which does not belong there"
    return "has a query or a fragment, which does not belong there" if set("?#") & set(url) else ""


def _without_password(url: str) -> str:
    return re.sub(r"//[^/]*@", "//…@", url)


def host_names(name: str) -> list[str]:
    for host in words(name):
        bare = host.removeprefix(".")
        if host != "*" and not (_HOST.fullmatch(bare) and _can_be_asked_for(bare)):
            raise ImproperlyConfigured(
                f"{name} takes host names such as videos.example.org, or .example.org for all below it; "
                f"without scheme, port, underscore or *.: {host}"
            )
    return words(name)


def _can_be_asked_for(host: str) -> bool:
    """Return whether Django serves requests for a host: it refuses underscores, and ignores a final dot."""
    return "_" not in host and not host.endswith(".")


def database(name: str, url: str) -> Any:
    try:
        parsed = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except ValueError:
        parsed = {}
    engine, database_name = str(parsed.get("ENGINE")).rpartition(".")[2], parsed.get("NAME")
    if engine not in {"sqlite3", "postgresql"} or database_name in {None, "", ":memory:"}:
        # The value stays out of the message: it holds a password.
        raise ImproperlyConfigured(
            f"{name} is not like postgres://user:password@host/name or sqlite:////path"  # pragma: allowlist secret
        )
    return parsed


def redis_address(name: str) -> str:
    url = text(name)
    try:
        is_whole = urlsplit(url).port != 0
    except ValueError:
        is_whole = False
    if url and not (is_whole and re.match(r"(redis|rediss|unix)://[^:]", url)):
        raise ImproperlyConfigured(f"{name} is not like redis://host:6379/0")
    return url


def sender(name: str, default: str) -> str:
    given = text(name, default)
    if len(getaddresses([given])) != 1 or not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(given)[1]) or "\n" in given:
        raise ImproperlyConfigured(f"{name} is not a sender such as tavusweb@example.org: {given!r}")
    return given


def addresses(name: str) -> list[str]:
    """Parse email addresses, separated by commas or spaces."""
    found = words(name)
    for text in found:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
            raise ImproperlyConfigured(f"{name} is not a list of email addresses such as ops@example.org: {text!r}")
    return found


class MailServer(NamedTuple):
    host: str
    port: int
    user: str
    password: str
    is_tls_from_the_start: bool  # otherwise STARTTLS


def mail_server(name: str) -> MailServer:
    """Parse the URL of a mail server, such as smtps://host:465; user and password are percent-encoded."""
    parts = urlsplit(text(name))
    try:
        port = parts.port or {"smtp": 587, "smtps": 465}[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    if port == 465 and parts.scheme == "smtp":
        raise ImproperlyConfigured(f"{name}: port 465 is for TLS from the start. Write smtps:// instead of smtp://.")
    if port in {25, 587} and parts.scheme == "smtps":
        raise ImproperlyConfigured(
            f"{name}: port {port} is not for TLS from the start. Write smtp://, which uses STARTTLS."
        )
    is_host = _HOST.fullmatch(parts.netloc.rpartition("@")[2].removesuffix(f":{port}"))
    if not port or not is_host or parts.path.strip("/") or parts.query or parts.fragment:
        # The message leaves out the value, which contains a password.
        raise ImproperlyConfigured(
            f"{name} is not like smtp://user:password@host:587. In the user and the password, "  # pragma: allowlist secret
            "write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F and % as %25."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(str(parts.hostname), port, user, password, parts.scheme == "smtps")


def origin_of(url: str) -> str:
    """Return the origin as browsers compare it, in lower case and without the scheme's default port.

    "" for an invalid URL, and for one with credentials or a backslash, which browsers and Python may read differently.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if "@" in parts.netloc or "\\" in parts.netloc:
        return ""
    host = parts.netloc.removesuffix(f":{port}").removesuffix(":").lower()
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != USUAL_PORTS.get(parts.scheme) else "")


def provider(name: str) -> dict[str, object]:
    """Read an OpenID Connect provider from the variables that begin with OIDC_<NAME>_."""
    prefix = f"OIDC_{name.upper().replace('-', '_')}_"
    if not re.fullmatch(r"[a-zA-Z0-9_-]+", name):
        raise ImproperlyConfigured(f"OIDC_PROVIDERS takes names of letters, digits, - and _: {name}")
    needed = {each: text(prefix + each) for each in ("URL", "CLIENT_ID", "CLIENT_SECRET")}
    if missing := [prefix + each for each, value in needed.items() if not value]:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS names {name}, and this is not set: {', '.join(missing)}")
    return {
        "provider_id": name.lower(),
        "name": text(f"{prefix}NAME", name.capitalize()),
        "client_id": needed["CLIENT_ID"],
        "secret": needed["CLIENT_SECRET"],
        "settings": {
            "server_url": web_address(f"{prefix}URL", ""),
            "domains": [domain.lower() for domain in host_names(f"{prefix}DOMAINS")],
        },
    }
