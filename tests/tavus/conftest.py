"""A client whose answers are written in the test, and a server that misbehaves on real sockets."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from tavusweb.tavus import Tavus, VideoRequest

KEY = "tk-9f8e7d6c5b4a"
ASKED = VideoRequest(replica_id="r1", name="Launch · a1b2c3", script="Hello")
CREATED = b'{"video_id": "v1", "status": "queued"}'
CALLS = {
    "create_video": lambda tavus: tavus.create_video(ASKED),
    "get_video": lambda tavus: tavus.get_video("v1"),
    "list_videos": lambda tavus: tavus.list_videos(),
    "delete_video": lambda tavus: tavus.delete_video("v1"),
    "rename_video": lambda tavus: tavus.rename_video("v1", "Other"),
    "list_replicas": lambda tavus: tavus.list_replicas(),
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")


def http(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    """An answer as a server writes it."""
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode() + body


class Scripted:
    """Answers every request alike and keeps what was asked."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def run(self, call: str | Callable[[Tavus], Awaitable[object]], **settings):
        """Make one call, by its name or written out, with a client of its own; hand back what it returned."""

        async def main():
            given = {"base_url": "https://tavus.example/", "api_key": KEY, "transport": httpx.MockTransport(self)}
            async with Tavus(**(given | settings)) as tavus:
                return await (CALLS[call] if isinstance(call, str) else call)(tavus)

        return asyncio.run(main())


@pytest.fixture
def key() -> str:
    return KEY


@pytest.fixture(params=CALLS)
def every_call(request) -> str:
    return request.param


@pytest.fixture
def answering():
    """`answering(200, json={...})` is a Tavus that answers this to everything; `answering(error)` one that fails."""

    def build(*args, **kwargs) -> Scripted:
        return Scripted(args[0] if args and isinstance(args[0], Exception) else httpx.Response(*args, **kwargs))

    return build


class Peer:
    """What a raw server saw: whole requests, each as bytes, and how many connections."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.url = ""

    async def request(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        self.requests.append(head + await reader.readexactly(length))
        return self.requests[-1]


@pytest.fixture
def raw_server():
    """`async with raw_server(behave) as peer` serves each connection with `behave(peer, reader, writer)`."""

    @asynccontextmanager
    async def serve(behave, **options):
        peer = Peer()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            peer.connections += 1
            try:
                await behave(peer, reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0, **options)
        peer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield peer
        finally:
            server.close()

    return serve
