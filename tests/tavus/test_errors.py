"""What cannot be read or was never answered is Unclear; what was never sent is Unreachable."""

import asyncio

import httpx
import pytest

from tavusweb.tavus import (
    Tavus,
    Unclear,
    Unreachable,
)
from tavusweb.tavus.body import LARGEST_ANSWER

VIDEO = {"video_id": "v1", "video_name": "Launch", "status": "queued", "hosted_url": "https://tavus.video/v1"}


# --- Unclear answers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        {"text": '{"video_id": "v1"'},
        {"text": ""},
        {"text": "null"},
        {"html": "<h1>Welcome</h1>"},
        {"json": [VIDEO]},
        {"json": {}},
        {"json": {"video_id": None}},
        {"json": {"video_id": 7}},
        {"json": {"video_id": ""}},
        {"json": {"error": "but with 200"}},
        {"content": b'{"a":' * 100_000},
        {"content": b'{"video_id": ' + b"9" * 10_000 + b"}"},
        {"content": b"\xff\xfe\x00"},
    ],
)
@pytest.mark.parametrize("call", ["create_video", "get_video"])
def test_unreadable_success_is_unclear(answering, answer, call):
    with pytest.raises(Unclear) as caught:
        answering(200, **answer).run(call)

    assert caught.value.status_code == 200


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}, {"data": "none"}, {"total_count": 0}])
@pytest.mark.parametrize("call", ["list_videos", "list_replicas"])
def test_list_response_without_a_list_is_unclear_and_not_empty(answering, body, call):
    with pytest.raises(Unclear):
        answering(200, json=body).run(call)


@pytest.mark.parametrize("status_code", [200, 401])
def test_endless_response_is_unclear_and_reading_stops(answering, status_code):
    sent = 0

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):
            nonlocal sent
            while True:
                sent += 1_000_000
                yield b" " * 1_000_000

    with pytest.raises(Unclear):
        answering(status_code, stream=Endless()).run("get_video")

    assert sent <= LARGEST_ANSWER + 1_000_000


# --- Failures of the network ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError, Unreachable),
        (httpx.ConnectTimeout, Unreachable),
        (httpx.PoolTimeout, Unreachable),
        (httpx.ProxyError, Unreachable),
        (httpx.UnsupportedProtocol, Unreachable),
        (httpx.ReadTimeout, Unclear),
        (httpx.WriteTimeout, Unclear),
        (httpx.ReadError, Unclear),
        (httpx.WriteError, Unclear),
        (httpx.CloseError, Unclear),
        (httpx.RemoteProtocolError, Unclear),
        (httpx.LocalProtocolError, Unclear),
        (httpx.DecodingError, Unclear),
        (httpx.TransportError, Unclear),
    ],
)
def test_network_failure_is_unreachable_only_before_sending(answering, every_call, failure, kind):
    with pytest.raises(kind) as caught:
        answering(failure("it went so")).run(every_call)

    assert type(caught.value) is kind
    assert caught.value.message == f"{failure.__name__}: it went so"
    assert caught.value.status_code is None


def test_connection_lost_during_the_response_is_unclear_whatever_the_exception(answering):
    class Broken(httpx.AsyncByteStream):
        async def __aiter__(self):
            yield b'{"video_id": '
            raise httpx.ConnectTimeout("some transports say so")

    with pytest.raises(Unclear):
        answering(200, stream=Broken()).run("create_video")


def test_cancellation_is_not_a_tavus_error():
    async def waits(request):
        await asyncio.sleep(60)

    async def main():
        async with Tavus(base_url="https://t.example", api_key="k", transport=httpx.MockTransport(waits)) as tavus:
            task = asyncio.create_task(tavus.get_video("v1"))
            await asyncio.sleep(0)
            task.cancel()
            await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
