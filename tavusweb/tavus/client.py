"""The Tavus API client: each method returns a record or raises a TavusError, nothing else."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote, urlencode

import httpx

from tavusweb.tavus.assumptions import FIRST_PAGE, PAGE_SIZE
from tavusweb.tavus.body import read_body
from tavusweb.tavus.errors import NotBegun, NotFound, NotRecognised, TavusError, Unclear, Unreachable
from tavusweb.tavus.parsing import count
from tavusweb.tavus.records import Page, RemoteReplica, RemoteVideo, VideoRequest
from tavusweb.tavus.responses import Response, error_in
from tavusweb.tavus.text import one_line
from tavusweb.tavus.transport import new_transport

HEADERS = {"accept": "application/json", "accept-encoding": "gzip, deflate", "user-agent": "tavusweb"}

MAX_ITEMS = 1000  # per page of a list, ten times the requested limit; the rest counts as skipped
VISIBLE_ASCII = re.compile(r"[!-~]{1,1000}")
# Raised by every transport only before any byte of the request was sent; other failures may come later.
BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

T = TypeVar("T")


class Tavus:
    """One Tavus account, seen through one API key.

    `timeout` limits one whole request in seconds, counted from when it gets one of the `connections`
    slots; connecting may take half of it. A `transport` passed in is shared: it stays open when this
    client closes.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = 10.0,
        connections: int = 20,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._timeout = timeout
        self._places = asyncio.Semaphore(connections)
        self._owns_transport = transport is None
        # Used directly: an httpx.AsyncClient would add cookies, redirects and log lines, all unwanted, and use a
        # third more processor time per request.
        self._transport = transport or new_transport(connections)
        self._extensions = {"timeout": httpx.Timeout(timeout, connect=timeout / 2, pool=timeout / 2).as_dict()}

    def __repr__(self) -> str:
        scheme, separator, rest = self._base_url.partition("//")
        return f"Tavus({scheme + separator + rest.rpartition('@')[2]!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._owns_transport:
            await self._transport.aclose()

    async def create_video(self, request: VideoRequest, *, may_begin: Callable[[], bool] = lambda: True) -> RemoteVideo:
        """Create a video. After Unclear it may exist, and a second call may buy it twice.

        `may_begin` is called just before sending, once the request has a slot; NotBegun if it returns False.
        """
        answer = await self._ask("POST", "/v2/videos", body=request.to_json(), may_begin=may_begin)
        return _read(answer, RemoteVideo.from_json)

    async def get_video(self, video_id: str) -> RemoteVideo:
        """Fetch one video; Unclear if the response is about another one."""
        answer = await self._ask("GET", f"/v2/videos/{_segment(video_id)}", {"verbose": "true"}, looked_up=True)
        video = _read(answer, RemoteVideo.from_json)
        if video.video_id != video_id:
            raise Unclear("The answer is about another video", status_code=answer.status_code)
        return video

    async def list_videos(self, *, page: int = FIRST_PAGE, limit: int = PAGE_SIZE) -> Page[RemoteVideo]:
        """Fetch one page of the account's videos; `listing.read_list` reads all pages in either numbering."""
        answer = await self._ask("GET", "/v2/videos", {"limit": limit, "page": page})
        return _read_page(answer, RemoteVideo.from_json, page)

    async def delete_video(self, video_id: str, *, hard: bool = False) -> None:
        """Delete a video at Tavus; `hard` also erases its files permanently. NotFound if it is already gone."""
        params = {"hard": "true"} if hard else {}
        await self._ask("DELETE", f"/v2/videos/{_segment(video_id)}", params, looked_up=True)

    async def rename_video(self, video_id: str, name: str) -> None:
        path = f"/v2/videos/{_segment(video_id)}/name"
        await self._ask("PATCH", path, body={"video_name": name}, looked_up=True)

    async def list_replicas(
        self, *, page: int = FIRST_PAGE, limit: int = PAGE_SIZE, kind: str = ""
    ) -> Page[RemoteReplica]:
        """Fetch one page of the replicas that this API key can use; `kind` is "user", "system" or "" for both."""
        params: dict[str, str | int] = {"limit": limit, "page": page, "verbose": "true"}
        if kind:
            params["replica_type"] = kind
        answer = await self._ask("GET", "/v2/replicas", params)
        return _read_page(answer, RemoteReplica.from_json, page)

    async def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        body: dict[str, object] | None = None,
        looked_up: bool = False,
        may_begin: Callable[[], bool] = lambda: True,
    ) -> Response:
        if not VISIBLE_ASCII.fullmatch(self._api_key):
            raise NotRecognised("The API key has characters that no API key has")
        content = None if body is None else json.dumps(body).encode()
        answer = await self._exchange(method, path, params, content, may_begin)
        if not answer.is_success:
            raise error_in(answer, self._without_key(answer.message()), looked_up=looked_up)
        return answer

    async def _exchange(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        content: bytes | None,
        may_begin: Callable[[], bool],
    ) -> Response:
        """Send one request and read the whole response; a network failure is Unreachable or Unclear."""
        headers = HEADERS | ({"content-type": "application/json"} if content else {})
        url = self._base_url + path + (f"?{urlencode(params)}" if params else "")
        is_answered = False
        try:
            request = httpx.Request(method, url, content=content, headers=headers, extensions=self._extensions)
            request.headers["x-api-key"] = self._api_key  # not earlier: a traceback would show it in a plain dictionary
            async with self._places, asyncio.timeout(self._timeout):
                if not may_begin():
                    raise NotBegun
                response = await self._transport.handle_async_request(request)
                is_answered = True
                try:
                    return Response(response.status_code, response.headers, await read_body(response))
                finally:
                    await response.aclose()
        except httpx.InvalidURL as error:
            failure: TavusError = Unreachable(self._describe(error))
        except httpx.RequestError as error:
            is_unsent = isinstance(error, BEFORE_SENDING) and not is_answered
            failure = Unreachable(self._describe(error)) if is_unsent else Unclear(self._describe(error))
        except TimeoutError:
            failure = Unclear(f"No complete answer within {self._timeout:g} s")
        # Raised outside the handlers, so that it carries no exception or frame that holds the API key.
        raise failure

    def _describe(self, error: Exception) -> str:
        return self._without_key(one_line(f"{type(error).__name__}: {error}"))

    def _without_key(self, text: str) -> str:
        """Remove the API key, in case the provider echoes it, before text reaches a log or page."""
        return text.replace(self._api_key, "[API key]")


def _segment(identity: str) -> str:
    """Quote an id as one path segment; NotFound if it cannot be one."""
    if identity in {"", ".", ".."}:
        raise NotFound(f"There is no id {identity!r}")
    return quote(identity, safe="", errors="replace")


def _read(answer: Response, build: Callable[[dict[str, object]], T]) -> T:
    try:
        return build(answer.json_object())
    except ValueError as error:
        failure = Unclear(f"The answer cannot be used: {error}", status_code=answer.status_code)
    raise failure


def _read_page(answer: Response, build: Callable[[object], T], page: int) -> Page[T]:
    """Read a list. A response without one is Unclear, because an empty page would prove things absent."""
    listing = _read(answer, dict)
    data = listing.get("data")
    if not isinstance(data, list):
        raise Unclear("The answer holds no list", status_code=answer.status_code)
    items = []
    for item in data[:MAX_ITEMS]:
        try:
            items.append(build(item))
        except ValueError:
            continue
    return Page(tuple(items), count(listing.get("total_count")), page, skipped=len(data) - len(items))
