"""Over real sockets: a server that never ends its answer, or packs it hostilely, holds nobody past the timeout.

Nothing here is timed. The servers end with the client, so a call that returns at all has kept its deadline.
"""

import asyncio
import gzip
import itertools
import zlib

import pytest

from tavusweb.tavus import NotRecognised, Tavus, TavusError, Unclear
from tests.tavus.conftest import CALLS, KEY

NOTHING = b"\x00\x00\x00\xff\xff"  # a deflated block that unpacks to nothing
CHUNKED = b"HTTP/1.1 %s\r\ntransfer-encoding: chunked\r\n%s\r\n"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")


def repeating(piece: bytes, *, before: bytes = b"", pause: float = 0.0):
    """A server that writes `piece` again and again, for as long as somebody listens."""

    async def behave(peer, reader, writer):
        await peer.request(reader)
        writer.write(before)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return behave


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


def zeros(level: int = 9) -> bytes:
    """A packed stream of zeros, without its end: 16 KB of it unpack to 16 MB."""
    packing = zlib.compressobj(level, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packing.compress(bytes(50_000_000))


ENDLESS = {
    "drips its body": repeating(chunk(b" "), before=CHUNKED % (b"200 OK", b""), pause=0.01),
    "drips the body of an error": repeating(chunk(b"<a "), before=CHUNKED % (b"503 Oh", b""), pause=0.01),
    "floods its body": repeating(chunk(b" " * 60_000), before=CHUNKED % (b"200 OK", b"")),
    "floods the body of an error": repeating(chunk(b"<a " * 20_000), before=CHUNKED % (b"401 No", b"")),
    "drips its headers": repeating(b"x: y\r\n", before=b"HTTP/1.1 200 OK\r\n", pause=0.01),
    "floods its headers": repeating(b"x: y\r\n" * 1000, before=b"HTTP/1.1 200 OK\r\n"),
    "drips one header": repeating(b"y", before=b"HTTP/1.1 200 OK\r\nx: ", pause=0.01),
    "asks to continue": repeating(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "drips a packed body": repeating(
        chunk(NOTHING),
        before=CHUNKED % (b"200 OK", b"content-encoding: deflate\r\n") + chunk(zlib.compress(b"")[:2]),
        pause=0.01,
    ),
    "packs nothing for ever": repeating(
        chunk(NOTHING * 1000),
        before=CHUNKED % (b"200 OK", b"content-encoding: gzip\r\n") + chunk(gzip.compress(b"")[:10]),
    ),
    "unpacks to more than memory": repeating(
        chunk(b"\0"), before=CHUNKED % (b"200 OK", b"content-encoding: gzip\r\n") + chunk(zeros())
    ),
    "packs a packed answer": repeating(
        chunk(b"\0"),
        before=CHUNKED % (b"200 OK", b"content-encoding: gzip, gzip\r\n") + chunk(gzip.compress(zeros())),
    ),
}


@pytest.mark.parametrize("behave", ENDLESS.values(), ids=ENDLESS)
def test_endless_response_is_unclear_at_the_deadline(raw_server, behave):
    async def main():
        async with raw_server(behave) as peer, Tavus(base_url=peer.url, api_key=KEY, timeout=0.3) as tavus:
            with pytest.raises(Unclear):
                await tavus.list_replicas()
            return peer

    assert len(asyncio.run(main()).requests) == 1


def test_unread_request_is_unclear_at_the_deadline(raw_server):
    async def answers_without_reading(peer, reader, writer):
        writer.write(CHUNKED % (b"200 OK", b""))
        for _ in itertools.count():
            writer.write(chunk(b" "))
            await writer.drain()
            await asyncio.sleep(0.01)

    async def main():
        async with (
            raw_server(answers_without_reading) as peer,
            Tavus(base_url=peer.url, api_key=KEY, timeout=0.3) as tavus,
        ):
            with pytest.raises(Unclear):
                await tavus.rename_video("v1", "x" * 20_000_000)

    asyncio.run(main())


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "GZIP", "identity, gzip"])
def test_compressed_response_is_read(answering, coding):
    video = b'{"video_id": "v1", "status": "ready"}'
    body = zlib.compress(video) if coding == "deflate" else gzip.compress(video)

    assert answering(200, content=body, headers={"content-encoding": coding}).run("get_video").is_ready


def test_raw_deflate_response_is_read(answering):
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    body = packing.compress(b'{"video_id": "v1", "status": "ready"}') + packing.flush()

    assert answering(200, content=body, headers={"content-encoding": "deflate"}).run("get_video").is_ready


def test_truncated_compressed_response_is_unclear(raw_server):
    body = gzip.compress(b'{"video_id": "v1"}' + b" " * 1000)[:-4]

    async def cuts(peer, reader, writer):
        await peer.request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(body) + body)

    async def main():
        async with raw_server(cuts) as peer, Tavus(base_url=peer.url, api_key=KEY) as tavus:
            with pytest.raises(Unclear, match="ends too early"):
                await tavus.get_video("v1")

    asyncio.run(main())


STATUS_LINES = [
    b"HTTP/1.1 401 \xff\xfe\xed\xa0\x80",
    b"HTTP/1.1 401 Caf\xc3\xa9",
    b"HTTP/1.1 401",
    b"HTTP/1.1 401 " + b"x" * 8000,
]


@pytest.mark.parametrize("line", STATUS_LINES)
def test_reason_phrase_of_a_status_is_not_read(raw_server, line):
    async def answers(peer, reader, writer):
        await peer.request(reader)
        cookie = b'set-cookie: a="' + b"\\" * 8000 + b"\r\n"
        writer.write(line + b"\r\ncontent-length: 2\r\n" + cookie * 20 + b"\r\nNo")

    async def main():
        async with raw_server(answers) as peer, Tavus(base_url=peer.url, api_key=KEY) as tavus:
            with pytest.raises(NotRecognised, match="No"):
                await tavus.get_video("v1")

    asyncio.run(main())


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 999 \r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 000 \r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-type: \xff\x00\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx" * 5000,
        b"HTTP/1.1 302 Found\r\nlocation: http://[\xff\r\ncontent-length: 0\r\n\r\n",
    ],
)
def test_malformed_response_head_is_a_tavus_error(raw_server, head):
    async def answers(peer, reader, writer):
        await peer.request(reader)
        writer.write(head)

    async def main():
        async with raw_server(answers) as peer:
            for call in CALLS.values():
                async with Tavus(base_url=peer.url, api_key=KEY, timeout=0.5) as tavus:
                    with pytest.raises(TavusError):
                        await call(tavus)

    asyncio.run(main())
