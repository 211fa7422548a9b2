"""The default transport: aiohttp's speed under httpx's API, with one promise added.

`httpx.ConnectError` leaves here only when not a byte of the request was sent. `httpx-aiohttp` alone breaks
it: a connection that dies after a POST was written is a `ConnectTimeout` there, and a caller that trusts
the name buys a video twice.
"""

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

# What aiohttp raises while it still looks for a connection; after that, anything may have been sent.
BEFORE_SENDING = (
    aiohttp.ClientConnectorError,  # DNS, refused, TLS
    aiohttp.ConnectionTimeoutError,  # the wait for a connection, from the pool or to the host
    aiohttp.ClientHttpProxyError,  # the proxy did not open the tunnel
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class Wire(AiohttpTransport):
    """One pool of connections, for any number of clients within one event loop."""

    def __init__(self, connections: int) -> None:
        super().__init__()
        self._connections = connections

    def get_client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, ssl=self.ssl_context),
            # The pool is shared between API keys; what the provider remembers of one must not follow another.
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=True,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except (httpx.TransportError, aiohttp.ClientError, OSError) as error:
            cause = error.__cause__ if isinstance(error, httpx.TransportError) else error
            if isinstance(cause, BEFORE_SENDING):
                raise httpx.ConnectError(str(cause)) from cause
            if isinstance(cause, TimeoutError):
                raise httpx.ReadTimeout(str(cause)) from cause
            raise httpx.ReadError(str(cause)) from cause


def transport(connections: int = 20) -> httpx.AsyncBaseTransport:
    """Open a pool of at most `connections` connections that several `Tavus` clients may share.

    It belongs to the event loop that first uses it, and to the caller, who closes it (`async with`). It
    goes through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name. A request that finds no
    free connection within half of the client's timeout is Unreachable.
    """
    return Wire(connections)
