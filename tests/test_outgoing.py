"""The server never fetches a URL that a person entered: only listed modules can open connections.

Tavus fetches audio and backgrounds itself. Only the client in `tavusweb.tavus` connects to Tavus, and only allauth to
the sign-in providers, both at URLs set by the operator.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tavusweb

ROOT = Path(tavusweb.__file__).parent

# Modules that can open a connection.
ABLE = {
    *("httpx", "httpx_aiohttp", "aiohttp", "requests", "urllib3", "websockets", "redis", "psycopg", "dns"),
    *("socket", "socketserver", "ssl", "smtplib", "ftplib", "imaplib", "poplib", "telnetlib", "xmlrpc", "asyncore"),
    *("urllib.request", "http.client", "jwt.PyJWKClient"),
}
HARMLESS = {
    "httpx.AsyncBaseTransport",
    "requests.RequestException",
    *("smtplib.SMTPException", "smtplib.SMTPRecipientsRefused"),
}
# The same through asyncio or allauth, under any import name.
CALLS = {"open_connection", "open_unix_connection", "create_connection", "get_requests_session"}
WORDS = CALLS | {module.partition(".")[0] for module in ABLE}

EXPECTED = {
    "tavus/responses.py": "reads what httpx got",
    "tavus/body.py": "unpacks what httpx got",
    "tavus/client.py": "asks Tavus, at TAVUS_API_URL or SANDBOX_API_URL",
    "tavus/transport.py": "asks Tavus",
    "media_download.py": "fetches finished videos from TAVUS_MEDIA_ORIGINS and this very site",
    "sandbox/callbacks.py": "calls this very site back, at SITE_URL or where it listens",
    "launch/client_socket.py": "answers a connection that was accepted",
    "launch/web_worker.py": "answers a connection that was accepted",
    "launch/listen.py": "looks whether the port is free",
    "launch/supervisor.py": "listens for gunicorn",
    "launch/readiness_watch.py": "asks /readyz of this very site",
}


def imported(tree: ast.AST) -> Iterator[str]:
    """Return a module's imports as `package.name`, down to the attribute used."""
    modules = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {each.asname or each.name: each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{each.name}" for each in node.names)
    used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for name, module in modules.items():
        of_it = [each for each in used if each.startswith(f"{name}.")]
        yield from (module + each.removeprefix(name) for each in of_it or [name])


def is_able(name: str) -> bool:
    return name not in HARMLESS and any(f"{name}.".startswith(f"{module}.") for module in ABLE)


def ability(source: str) -> set[str]:
    if not any(word in source for word in WORDS):
        return set()  # without parsing: most modules
    tree = ast.parse(source)
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & CALLS
    return calls | {name for name in imported(tree) if is_able(name)}


def test_only_listed_modules_can_open_a_connection() -> None:
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in ROOT.rglob("*.py")}

    abilities = {name: able for name, source in sources.items() if (able := ability(source))}

    assert set(abilities) == set(EXPECTED), abilities


@pytest.mark.parametrize(
    "source",
    [
        "import httpx; httpx.get('x')",
        "from httpx import AsyncClient",
        "import requests as r; r.post('x')",
        "from urllib import request",
        "import urllib.request as r; r.urlopen('x')",
        "from http.client import HTTPSConnection",
        "import asyncio; asyncio.open_connection('x', 1)",
        "import socket",
    ],
)
def test_every_way_to_open_a_connection_is_detected(source: str) -> None:
    assert ability(source)


@pytest.mark.parametrize(
    "source", ["from urllib.parse import urlsplit", "import httpx; pool: httpx.AsyncBaseTransport"]
)
def test_module_that_opens_no_connection_is_not_reported(source: str) -> None:
    assert not ability(source)
