"""Measure the provider's own capacity with raw requests: `python -m bench.capacity <url> <connections>`."""

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit

from bench.provider import identity

SECONDS = 2.0


class Client(asyncio.Protocol):
    """Send the next request as soon as a response arrives."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.answers = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"}"):
            self.answers += 1
            self.transport.write(self.request)


async def measure(url: str, connections: int) -> float:
    loop, address = asyncio.get_running_loop(), urlsplit(url)
    request = f"GET /v2/videos/{identity(7)}?verbose=true HTTP/1.1\r\nHost: bench\r\n\r\n".encode()
    began_at = time.perf_counter()
    opened = [
        await loop.create_connection(lambda: Client(request), address.hostname, address.port)
        for _ in range(connections)
    ]
    await asyncio.sleep(SECONDS)
    seconds = time.perf_counter() - began_at
    answers = sum(client.answers for _, client in opened)
    for transport, _ in opened:
        transport.abort()
    return answers / seconds


if __name__ == "__main__":
    print(json.dumps({"per_second": asyncio.run(measure(sys.argv[1], int(sys.argv[2])))}))
