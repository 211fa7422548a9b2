"""As much HTTP/1.1 as the provider needs, by hand: a real server library does not break connections on purpose."""

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, urlsplit

REASONS = {200: "OK", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required"}


@dataclass
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def is_submission(self) -> bool:
        return self.method == "POST" and self.path == "/v2/videos"

    @property
    def kind(self) -> str:
        """What it is about, for the log."""
        match [self.method, *self.path.strip("/").split("/")[1:]]:
            case ["POST", "videos"]:
                return "submission"
            case ["GET", "videos"]:
                return "list"
            case ["GET", "videos", _]:
                return "video"
            case ["GET", "replicas"]:
                return "replicas"
        return "other"

    def number(self, name: str) -> int | None:
        """A number in the query; None when it is not there."""
        values = parse_qs(urlsplit(self.target).query).get(name)
        return int(values[0]) if values else None


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None  # JSON, or bytes that go out as they are
    headers: Mapping[str, str] = field(default_factory=dict)


class Line:
    """One connection to a client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def head(self) -> Request | None:
        """The next request without its body; None when the client is gone."""
        try:
            lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        method, target, _ = lines[0].split(" ", 2)
        pairs = (line.split(":", 1) for line in lines[1:] if ":" in line)
        return Request(method, target, {name.strip().lower(): value.strip() for name, value in pairs})

    async def read_body(self, request: Request) -> None:
        request.body = await self.reader.readexactly(int(request.headers.get("content-length", 0)))

    async def answer(self, answer: Answer, *, truncated: bool = False) -> None:
        """Send an answer, or one whose body ends in the middle."""
        is_raw = isinstance(answer.body, bytes)
        body = answer.body if is_raw else json.dumps(answer.body).encode() if answer.body is not None else b""
        body = body[: len(body) // 2] if truncated else body
        headers = {
            "Date": formatdate(usegmt=True),
            "Content-Type": "text/html" if is_raw else "application/json",
            "Content-Length": str(len(body)),
        } | dict(answer.headers)
        lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await self.writer.drain()

    def reset(self) -> None:
        """Break the connection: the client gets a reset, not an orderly end."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
