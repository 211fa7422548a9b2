"""A very fast Tavus: prebuilt responses, a fixed latency, and a count of requests.

Run as `python -m bench.provider`; it prints its URL. It uses a raw protocol instead of a web framework, so that no
contender ever waits for it; its own capacity is measured first.
"""

import asyncio
import json
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate
from uuid import UUID

from tavusweb.videos.naming import Mark

SCRIPT = "Hello and welcome. " * 20
RENDER_SECONDS = 300.0  # the progress grows by 1% in three seconds, so nearly every poll finds a change
FIRST_PAGE, LARGEST_PAGE = 0, 100


@dataclass
class Plan:
    """The provider's contents: `videos` in production, of which `finishing` become ready at random within `over` s."""

    videos: int = 0
    latency: float = 0.05  # seconds
    finishing: int = 0
    over: float = 0.0
    begins_at: float = field(default_factory=time.time)
    is_marked: bool = False  # names end with our marks, as after our own submissions


def identity(number: int) -> str:
    return f"b{number:09d}"


def row_id(number: int) -> UUID:
    """Return our row's id for a marked video. A mark contains its first 60 bits."""
    return UUID(int=(number + 1) << 68)


def marked_name(number: int) -> str:
    return f"Video {number} · {Mark.of(row_id(number), 1)}"


class Provider:
    def __init__(self) -> None:
        self.prepare(Plan())

    def prepare(self, plan: Plan) -> None:
        """Reset the contents to a plan."""
        self.plan = plan
        self.asked: Counter[str] = Counter()
        self.accepted: dict[str, float] = {}
        chance = random.Random(plan.videos)
        chosen = chance.sample(range(plan.videos), plan.finishing)
        self.ready_at = {number: plan.begins_at + chance.uniform(0, plan.over) for number in chosen}
        self.rendering = [_cut(_video(number, "generating", is_marked=plan.is_marked)) for number in range(plan.videos)]
        self.finished = {number: json.dumps(_video(number, "ready")).encode() for number in chosen}

    def answer(self, method: str, target: str, body: bytes) -> tuple[str, bytes]:
        """Return the request's kind, by which it is counted, and the response as JSON."""
        path, _, query = target.partition("?")
        if path.startswith("/v2/videos/"):
            return "one", self.video(int(path[12:]))
        if path == "/v2/videos" and method == "POST":
            return "submission", self.accept(json.loads(body))
        if path == "/v2/videos":
            return "list", self.page(dict(pair.split("=") for pair in query.split("&") if pair))
        if path == "/v2/replicas":
            return "replicas", REPLICAS
        return "bench", self.control(path, body)

    def video(self, number: int) -> bytes:
        now = time.time()
        if (ready_at := self.ready_at.get(number)) is not None and ready_at <= now:
            return self.finished[number]
        before, after = self.rendering[number]
        progress = 1 + int((now - self.plan.begins_at) * 100 / RENDER_SECONDS + number) % 98
        return b"%b%d%b" % (before, progress, after)

    def page(self, asked: dict[str, str]) -> bytes:
        limit = min(int(asked.get("limit", 10)), LARGEST_PAGE)
        total = len(self.rendering)
        begin = total - (int(asked.get("page", FIRST_PAGE)) - FIRST_PAGE) * limit  # newest first
        items = b",".join(self.video(number) for number in range(begin - 1, max(begin - limit, 0) - 1, -1))
        return b'{"data": [%b], "total_count": %d}' % (items, total)

    def accept(self, asked: dict[str, str]) -> bytes:
        self.accepted[asked["video_name"]] = time.time()
        bought = len(self.rendering)
        self.rendering.append(_cut(_video(bought, "generating")))
        return json.dumps(_video(bought, "queued") | {"video_name": asked["video_name"]}).encode()

    def control(self, path: str, body: bytes) -> bytes:
        """Handle the benchmark's own requests, outside the provider's contract."""
        if path == "/bench/plan":
            self.prepare(Plan(**json.loads(body)))
        ready = {identity(number): at for number, at in self.ready_at.items()}
        return json.dumps({"asked": self.asked, "accepted": self.accepted, "ready_at": ready}).encode()


class Connection(asyncio.Protocol):
    """Minimal HTTP/1.1 for well-behaved clients: keep-alive, one request at a time, bodies with a length."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.loop = asyncio.get_running_loop()

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            length, head = 0, self.received[:end]
            if not head.startswith(b"GET"):
                fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
                length = int(fields.get(b"content-length", 0))
            if len(self.received) < end + 4 + length:
                return
            body, self.received = self.received[end + 4 : end + 4 + length], self.received[end + 4 + length :]
            method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
            self.take(method, target, body)

    def take(self, method: str, target: str, body: bytes) -> None:
        kind, text = self.provider.answer(method, target, body)
        self.provider.asked[kind] += 1
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
            len(text),
            text,
        )
        latency = 0 if kind == "bench" else self.provider.plan.latency
        if latency:
            self.loop.call_later(latency, self.transport.write, answer)
        else:
            self.transport.write(answer)


def _video(number: int, status: str, *, is_marked: bool = False) -> dict[str, object]:
    name = identity(number)
    is_ready = status == "ready"
    return {
        "video_id": name,
        "video_name": marked_name(number) if is_marked else f"Video {number}",
        "status": status,
        "data": {"script": SCRIPT, "start_with_wave": True},
        "replica_id": "r90bbd427f71",
        "download_url": f"https://cdn.example/{name}/download.mp4" if is_ready else None,
        "hosted_url": f"https://tavus.video/{name}",
        "stream_url": f"https://cdn.example/{name}/stream.m3u8" if is_ready else None,
        "status_details": "Your request has processed successfully!" if is_ready else "",
        "error_details": None,
        "still_image_thumbnail_url": f"https://cdn.example/{name}/still.jpg",
        "gif_thumbnail_url": f"https://cdn.example/{name}/moving.gif",
        "created_at": formatdate(1_750_000_000 + number, usegmt=True),
        "updated_at": formatdate(1_750_000_300 + number, usegmt=True),
        "generation_progress": "100/100" if is_ready else "0/100",
    }


def _cut(video: dict[str, object]) -> tuple[bytes, bytes]:
    """Return the response for a rendering video in two pieces, between which its progress is inserted."""
    before, after = json.dumps(video).encode().split(b'"0/100"')
    return before + b'"', b'/100"' + after


REPLICAS = json.dumps(
    {"data": [{"replica_id": "r90bbd427f71", "replica_name": "Anna", "status": "completed"}], "total_count": 1}
).encode()


async def serve() -> None:
    provider = Provider()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(provider), "127.0.0.1", 0, backlog=1024)
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve())
