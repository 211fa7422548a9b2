"""An in-memory Tavus for tests, with a ledger of every purchase.

As a transport (`fake.transport`) it needs no socket; `serve(fake)` listens on a real port. Queue failures in
`fake.next_answers`: an httpx.Response, an exception to raise, or a function of the request.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

Trouble = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]

CONCURRENCY = {"message": "User has reached maximum concurrent video generations"}


@dataclass
class FakeTavus:
    keys: set[str] = field(default_factory=lambda: {"tavus-key-1234567890"})
    videos: dict[str, dict[str, Any]] = field(default_factory=dict)
    replicas: list[dict[str, Any]] = field(default_factory=list)
    next_answers: deque[Trouble] = field(default_factory=deque)
    requests: list[httpx.Request] = field(default_factory=list)
    page_cap: int = 100
    first_page: int = 0  # number of the first page of lists
    is_down: bool = False
    hidden: set[str] = field(default_factory=set)  # ids missing from lists
    lists_nothing: bool = False  # lists fail while everything else works

    # Called by tests.

    def accept(self, body: dict[str, Any]) -> dict[str, Any]:
        """Buy a video as if its POST had arrived."""
        number = len(self.videos) + 1
        video = {
            "video_id": f"v{number:05d}",
            "video_name": body.get("video_name", ""),
            "status": "queued",
            "hosted_url": f"https://tavus.video/v{number:05d}",
            "created_at": format_datetime(datetime.now(UTC), usegmt=True),
            "generation_progress": "0/100",
            "download_url": None,
            "stream_url": None,
            "status_details": "",
            "request": body,
        }
        self.videos[video["video_id"]] = video
        return video

    def set(self, video_id: str, **changes: Any) -> None:
        self.videos[video_id].update(changes)

    def finish(self, video_id: str) -> None:
        self.set(
            video_id,
            status="ready",
            generation_progress="100/100",
            download_url=f"https://cdn.example/{video_id}.mp4",
            stream_url=f"https://cdn.example/{video_id}.m3u8",
            still_image_thumbnail_url=f"https://cdn.example/{video_id}.jpg",
            gif_thumbnail_url=f"https://cdn.example/{video_id}.gif",
            status_details="Your request has processed successfully!",
        )

    def accepted_but_unanswered(self, request: httpx.Request) -> httpx.Response:
        """Accept the video, then break the connection: for `next_answers`."""
        self.accept(json.loads(request.content))
        raise httpx.ReadTimeout("no answer", request=request)

    def sent(self, method: str, path: str = "") -> list[httpx.Request]:
        return [each for each in self.requests if each.method == method and path in each.url.path]

    # Responses.

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.is_down:
            raise httpx.ConnectError("refused", request=request)
        if self.next_answers:
            trouble = self.next_answers.popleft()
            if isinstance(trouble, Exception):
                raise trouble
            return trouble if isinstance(trouble, httpx.Response) else trouble(request)
        if request.headers.get("x-api-key") not in self.keys:
            return httpx.Response(401, json={"message": "Invalid access token"})
        return self._route(request)

    def _route(self, request: httpx.Request) -> httpx.Response:
        match [request.method, *request.url.path.strip("/").split("/")[-2:]]:
            case ["POST", "v2", "videos"]:
                return httpx.Response(200, json=self.accept(json.loads(request.content)))
            case ["GET", "v2", "videos"]:
                if self.lists_nothing:
                    return httpx.Response(502, html="<h1>Bad gateway</h1>")
                shown = [video for video in self.videos.values() if video["video_id"] not in self.hidden]
                return self._list(shown[::-1], request)
            case ["GET", "v2", "replicas"]:
                return self._list(self.replicas, request)
            case ["GET", "videos", video_id] if video_id in self.videos:
                return httpx.Response(200, json=self.videos[video_id])
            case ["DELETE", "videos", video_id] if video_id in self.videos:
                self.set(video_id, status="deleted")
                return httpx.Response(204)
            case ["PATCH", video_id, "name"] if video_id in self.videos:
                self.set(video_id, **json.loads(request.content))
                return httpx.Response(200, json={})
            case [_, "videos", _] | ["PATCH", _, "name"]:
                return httpx.Response(400, json={"error": "Invalid video_id"})
        return httpx.Response(404, json={"message": "Not found"})

    def _list(self, rows: list[dict[str, Any]], request: httpx.Request) -> httpx.Response:
        limit = min(int(request.url.params.get("limit", 10)), self.page_cap)
        start = (int(request.url.params.get("page", 0)) - self.first_page) * limit
        if start < 0:
            return httpx.Response(400, json={"error": "Invalid page"})
        return httpx.Response(200, json={"data": rows[start : start + limit], "total_count": len(rows)})


@contextmanager
def serve(fake: FakeTavus) -> Iterator[str]:
    """Serve the fake on a real loopback port; yield its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = f"http://{self.headers['Host']}{self.path}"
            try:
                answer = fake.answer(httpx.Request(self.command, url, headers=dict(self.headers), content=body))
            except httpx.HTTPError:
                self.close_connection = True  # looks like a broken connection to the client
                return
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("content-type", "text/plain"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_DELETE = do_PATCH = handle_any  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
