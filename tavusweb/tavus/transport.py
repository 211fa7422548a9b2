"""The default transport: aiohttp's speed behind httpx's API, with one additional guarantee.

It raises `httpx.ConnectError` only if not a byte of the request was sent. `httpx-aiohttp` alone does not
guarantee that: it raises `ConnectTimeout` for a connection lost after a POST was written, and a caller that
trusts the name buys a video twice.
"""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from ssl import SSLContext
from typing import Self
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from aiohttp.connector import Connection
from httpx_aiohttp import AiohttpTransport
from yarl import URL

# Raised by aiohttp before it has a connection; after any other error, the request may have been sent.
BEFORE_SENDING = (
    aiohttp.ClientConnectorError,  # DNS, refused, TLS
    aiohttp.ConnectionTimeoutError,  # while waiting for the pool or connecting to the host
    aiohttp.ClientHttpProxyError,  # the proxy did not open the tunnel
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class WithoutReason(aiohttp.ClientResponse):
    """Drop the reason phrase of a status: it is useless, and undecodable bytes in it break httpx."""

    async def start(self, connection: Connection) -> Self:
        await super().start(connection)
        self.reason = ""
        return self


class NoCookies(aiohttp.DummyCookieJar):
    """Ignore cookies in responses."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        pass


@cache
def _trusted() -> SSLContext:
    """Return the trusted certificates. Loaded once: it takes 20 ms and blocks the event loop."""
    return httpx.create_ssl_context()


class Transport(AiohttpTransport):
    """One connection pool for any number of clients in one event loop."""

    def __init__(self, connections: int) -> None:
        super().__init__(verify=_trusted())
        self._connections = connections
        self._proxies: dict[tuple[str, str], httpx.Proxy | None] = {}

    def get_client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, ssl=self.ssl_context),
            # The pool is shared between API keys: one key's cookies must not be sent with another.
            cookie_jar=NoCookies(),
            response_class=WithoutReason,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.proxy = self._proxy_for(request.url)  # the base class reads it before its first await
        try:
            return await super().handle_async_request(request)
        except (httpx.TransportError, aiohttp.ClientError, OSError) as error:
            cause = error.__cause__ if isinstance(error, httpx.TransportError) else error
            if isinstance(cause, BEFORE_SENDING):
                raise httpx.ConnectError(str(cause)) from cause
            if isinstance(cause, TimeoutError):
                raise httpx.ReadTimeout(str(cause)) from cause
            raise httpx.ReadError(str(cause)) from cause

    def _proxy_for(self, url: httpx.URL) -> httpx.Proxy | None:
        """Return the proxy that the environment sets for this host, looked up once.

        aiohttp's own `trust_env` takes as long as the request: it uses two threads each time.
        """
        place = (url.scheme, url.host)
        if place not in self._proxies:
            self._proxies[place] = _proxy_in_environment(*place)
        return self._proxies[place]


def _proxy_in_environment(scheme: str, host: str) -> httpx.Proxy | None:
    named = "" if proxy_bypass(host) else getproxies().get(scheme, "")
    if not named:
        return None
    url = httpx.URL(named if "://" in named else f"http://{named}")
    if url.scheme not in {"http", "https"}:
        raise httpx.ProxyError(f"A proxy by {url.scheme}:// is not supported")
    headers = {}
    if url.username:
        login = b64encode(f"{url.username}:{url.password}".encode()).decode()
        headers["Proxy-Authorization"] = f"Basic {login}"
    return httpx.Proxy(url.copy_with(username="", password=""), headers=headers)


def new_transport(connections: int = 20) -> httpx.AsyncBaseTransport:
    """Open a pool of at most `connections` connections that several `Tavus` clients can share.

    It belongs to the event loop that first uses it, and the caller closes it (`async with`). `HTTP_PROXY`,
    `HTTPS_PROXY` and `NO_PROXY` are honoured. A request that gets no free connection within half the
    client's timeout is Unreachable.
    """
    return Transport(connections)
