"""The default transport: aiohttp's speed under httpx's API, with one promise added.

`httpx.ConnectError` leaves here only when not a byte of the request was sent. `httpx-aiohttp` alone breaks
it: a connection that dies after a POST was written is a `ConnectTimeout` there, and a caller that trusts
the name buys a video twice.
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

# What aiohttp raises while it still looks for a connection; after that, anything may have been sent.
BEFORE_SENDING = (
    aiohttp.ClientConnectorError,  # DNS, refused, TLS
    aiohttp.ConnectionTimeoutError,  # the wait for a connection, from the pool or to the host
    aiohttp.ClientHttpProxyError,  # the proxy did not open the tunnel
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class WithoutReason(aiohttp.ClientResponse):
    """An answer without the words beside its status: they are of no use, and bytes that are no text break httpx."""

    async def start(self, connection: Connection) -> Self:
        await super().start(connection)
        self.reason = ""
        return self


class NoCookies(aiohttp.DummyCookieJar):
    """Leaves the cookies of an answer unread."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        pass


@cache
def _trusted() -> SSLContext:
    """Whose certificates are believed. Read once: it takes 20 ms, in which the event loop stands still."""
    return httpx.create_ssl_context()


class Wire(AiohttpTransport):
    """One pool of connections, for any number of clients within one event loop."""

    def __init__(self, connections: int) -> None:
        super().__init__(verify=_trusted())
        self._connections = connections
        self._proxies: dict[tuple[str, str], httpx.Proxy | None] = {}

    def get_client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, ssl=self.ssl_context),
            # The pool is shared between API keys; what the provider remembers of one must not follow another.
            cookie_jar=NoCookies(),
            response_class=WithoutReason,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.proxy = self._proxy_for(request.url)  # the base class reads it before it awaits anything
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
        """What the environment names for this host, looked up once.

        aiohttp's own `trust_env` costs as much as the request: it asks two threads for it each time.
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
    """Open a pool of at most `connections` connections that several `Tavus` clients may share.

    It belongs to the event loop that first uses it, and to the caller, who closes it (`async with`). It
    goes through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name. A request that finds no
    free connection within half of the client's timeout is Unreachable.
    """
    return Wire(connections)
