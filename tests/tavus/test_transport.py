"""Over real sockets: Unreachable only when not a byte of the request was sent."""

import asyncio
import socket
import struct

import pytest

from tavusweb.tavus import InvalidRequest, NotFound, RateLimited, Tavus, Unclear, new_transport
from tests.tavus.conftest import ASKED, CALLS, CREATED, KEY, http


async def closes_before_answering(peer, reader, writer):
    await peer.request(reader)


async def resets_before_answering(peer, reader, writer):
    await peer.request(reader)
    reset(writer)


async def resets_in_the_middle_of_the_request(peer, reader, writer):
    await reader.read(10)
    reset(writer)


async def never_answers(peer, reader, writer):
    await peer.request(reader)
    await reader.read()


async def drips(peer, reader, writer):
    await peer.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n")
    while not reader.at_eof():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def truncates_the_body(peer, reader, writer):
    await peer.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n" + CREATED)


async def truncates_the_headers(peer, reader, writer):
    await peer.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-le")


async def resets_in_the_middle_of_the_body(peer, reader, writer):
    await peer.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n" + CREATED)
    await writer.drain()
    await asyncio.sleep(0.05)
    reset(writer)


async def stops_in_the_middle_of_the_body(peer, reader, writer):
    await peer.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n" + CREATED)
    await reader.read()


async def breaks_the_chunks(peer, reader, writer):
    await peer.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nnonsense\r\n")
    await reader.read()


async def breaks_a_later_chunk(peer, reader, writer):
    await peer.request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n")
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.write(b"zz\r\nnonsense\r\n")
    await reader.read()


async def breaks_the_compression(peer, reader, writer):
    await peer.request(reader)
    writer.write(http(b"this is not gzip", headers="content-encoding: gzip\r\n"))


async def answers_garbage(peer, reader, writer):
    await peer.request(reader)
    writer.write(b"\x00\x01\x02 SSH-2.0-OpenSSH_9.2\r\n\r\n")


async def redirects(peer, reader, writer):
    await peer.request(reader)
    writer.write(http(b"", "307 Temporary Redirect", "location: /v2/elsewhere\r\n"))


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset instead of a goodbye."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def create(url: str, **settings):
    async with Tavus(base_url=url, api_key=KEY, **({"timeout": 2.0} | settings)) as tavus:
        return await tavus.create_video(ASKED)


@pytest.mark.parametrize(
    "behave",
    [
        closes_before_answering,
        resets_before_answering,
        resets_in_the_middle_of_the_request,
        truncates_the_body,
        truncates_the_headers,
        resets_in_the_middle_of_the_body,
        breaks_the_chunks,
        breaks_the_compression,
        answers_garbage,
        redirects,
    ],
)
def test_post_without_a_valid_response_is_unclear_and_sent_once(raw_server, behave):
    async def main():
        async with raw_server(behave) as peer:
            with pytest.raises(Unclear) as caught:
                await create(peer.url)
            return peer, caught.value

    peer, error = asyncio.run(main())

    assert error.message or error.status_code == 307
    assert peer.connections == 1
    assert len(peer.requests) <= 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_api_key_does_not_follow_a_redirect_to_another_host(raw_server, status):
    async def main():
        async with raw_server(closes_before_answering) as other:

            async def sends_elsewhere(peer, reader, writer):
                await peer.request(reader)
                writer.write(http(b"", status, f"location: {other.url}/v2/videos\r\n"))

            async with raw_server(sends_elsewhere) as peer:
                for call in CALLS.values():
                    async with Tavus(base_url=peer.url, api_key=KEY) as tavus:
                        with pytest.raises(Unclear):
                            await call(tavus)
            return peer, other

    peer, other = asyncio.run(main())

    assert len(peer.requests) == len(CALLS)
    assert other.connections == 0


@pytest.mark.parametrize("behave", [never_answers, drips, stops_in_the_middle_of_the_body, breaks_a_later_chunk])
def test_post_is_unclear_when_the_whole_response_exceeds_the_timeout(raw_server, behave):
    async def main():
        async with raw_server(behave) as peer:
            started = asyncio.get_running_loop().time()
            with pytest.raises(Unclear):
                await create(peer.url, timeout=0.3)
            return peer, asyncio.get_running_loop().time() - started

    peer, took = asyncio.run(main())

    assert len(peer.requests) == 1
    assert took < 1.5


def test_complete_response_is_read(raw_server):
    async def answers(peer, reader, writer):
        await peer.request(reader)
        writer.write(http(CREATED))

    async def main():
        async with raw_server(answers) as peer:
            return peer, await create(peer.url)

    peer, video = asyncio.run(main())

    assert (video.video_id, video.status) == ("v1", "queued")
    assert f"x-api-key: {KEY}".encode() in peer.requests[0].lower()
    assert peer.requests[0].startswith(b"POST /v2/videos HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("identity", "path"),
    [
        ("../replicas", "..%2Freplicas"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("%2e%2e", "%252e%252e"),
        ("é ü", "%C3%A9%20%C3%BC"),
    ],
)
def test_id_stays_one_path_segment_on_the_wire(raw_server, identity, path):
    async def knows_none(peer, reader, writer):
        await peer.request(reader)
        writer.write(http(b'{"error": "Invalid video_id"}', "400 BAD REQUEST"))

    async def main():
        async with raw_server(knows_none) as peer, Tavus(base_url=peer.url, api_key=KEY) as tavus:
            with pytest.raises(NotFound):
                await tavus.get_video(identity)
            return peer

    peer = asyncio.run(main())

    assert peer.requests[0].split(b" ")[1] == f"/v2/videos/{path}?verbose=true".encode()


# --- Connections that are kept --------------------------------------------------------------------


def test_post_on_a_dropped_keep_alive_connection_is_sent_once(raw_server):
    async def answers_once_then_drops(peer, reader, writer):
        await peer.request(reader)
        writer.write(http(b'{"video_id": "v1", "status": "queued"}'))
        await peer.request(reader)

    async def main():
        async with raw_server(answers_once_then_drops) as peer, Tavus(base_url=peer.url, api_key=KEY) as tavus:
            await tavus.get_video("v1")
            with pytest.raises(Unclear):
                await tavus.create_video(ASKED)
            return peer

    peer = asyncio.run(main())

    assert peer.connections == 1
    assert [request.split(b" ")[0] for request in peer.requests] == [b"GET", b"POST"]


def test_post_is_not_repeated_when_the_server_closes_the_keep_alive_connection(raw_server):
    async def answers_once_then_closes(peer, reader, writer):
        request = await peer.request(reader)
        writer.write(http(CREATED if request.startswith(b"POST") else b'{"video_id": "v1"}'))
        await writer.drain()

    async def main():
        async with raw_server(answers_once_then_closes) as peer, Tavus(base_url=peer.url, api_key=KEY) as tavus:
            outcomes = []
            for _ in range(20):
                await tavus.get_video("v1")
                try:
                    outcomes.append(await tavus.create_video(ASKED))
                except Unclear as error:
                    outcomes.append(error)
            return peer, outcomes

    peer, outcomes = asyncio.run(main())

    posts = [request for request in peer.requests if request.startswith(b"POST")]
    bought = [outcome for outcome in outcomes if not isinstance(outcome, Unclear)]
    assert len(bought) <= len(posts) <= len(outcomes) == 20


def test_get_on_a_dropped_connection_is_repeated_once(raw_server):
    async def drops_the_first(peer, reader, writer):
        await peer.request(reader)
        if peer.connections > 1:
            writer.write(http(b'{"video_id": "v1", "status": "ready"}'))

    async def main():
        async with raw_server(drops_the_first) as peer, Tavus(base_url=peer.url, api_key=KEY) as tavus:
            return await tavus.get_video("v1")

    assert asyncio.run(main()).is_ready


def test_shared_transport_stays_open_when_one_client_closes(raw_server):
    async def answers(peer, reader, writer):
        while True:
            await peer.request(reader)
            writer.write(http(b'{"video_id": "v1"}', headers="set-cookie: seen=first; path=/\r\n"))

    async def main():
        async with raw_server(answers) as peer, new_transport(connections=5) as pool:
            for key in ("tk-first", "tk-second"):
                async with Tavus(base_url=peer.url, api_key=key, transport=pool) as tavus:
                    await tavus.get_video("v1")
            return peer

    peer = asyncio.run(main())

    assert peer.connections == 1
    assert b"x-api-key: tk-first" in peer.requests[0].lower()
    assert b"x-api-key: tk-second" in peer.requests[1].lower()
    assert b"cookie" not in peer.requests[1].lower()


# --- Clear answers --------------------------------------------------------------------------------


def test_refusal_is_read_even_when_the_server_closes_immediately(raw_server):
    async def refuses(peer, reader, writer):
        await peer.request(reader)
        writer.write(http(b'{"error": "Invalid replica_id"}', "400 BAD REQUEST", "connection: close\r\n"))

    async def main():
        async with raw_server(refuses) as peer:
            await create(peer.url)

    with pytest.raises(InvalidRequest, match="Invalid replica_id"):
        asyncio.run(main())


def test_rate_limit_carries_its_seconds_over_the_wire(raw_server):
    async def limits(peer, reader, writer):
        await peer.request(reader)
        writer.write(http(b"", "429 Too Many Requests", "Retry-After: 7\r\n"))

    async def main():
        async with raw_server(limits) as peer:
            await create(peer.url)

    with pytest.raises(RateLimited) as caught:
        asyncio.run(main())

    assert caught.value.retry_after == 7
