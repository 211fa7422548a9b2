"""The API key never shows: in no error, no repr, no traceback, however the provider or the network behaves."""

import asyncio
import io
import logging
import traceback

import httpx
import pytest

from tavusweb.tavus import Tavus, TavusError, Unclear, VideoRequest, client

KEY = "tk-9f8e7d6c5b4a"
ASKED = VideoRequest(replica_id="r1", name="Launch", script="Hello")


def shown(error: BaseException) -> str:
    """Everything that a log, an error page or an error report would show of an exception and its frames."""
    seen = [repr(error), str(error), repr(error.args), repr(vars(error))]
    text = io.StringIO()
    traceback.TracebackException.from_exception(error, capture_locals=True).print(file=text)
    return "\n".join([*seen, text.getvalue()])


def fail(transport: httpx.AsyncBaseTransport | None, base_url: str, api_key: str) -> TavusError:
    async def main():
        async with Tavus(base_url=base_url, api_key=api_key, transport=transport, timeout=2.0) as tavus:
            await tavus.create_video(ASKED)

    with pytest.raises(TavusError) as caught:
        asyncio.run(main())
    return caught.value


def inside(error: TavusError) -> TavusError:
    """The same error without the frames of the test, which know the key by right."""
    while error.__traceback__ and error.__traceback__.tb_frame.f_code.co_filename != client.__file__:
        error.__traceback__ = error.__traceback__.tb_next
    assert error.__traceback__
    return error


@pytest.mark.parametrize("status_code", [200, 302, 400, 401, 402, 403, 404, 408, 429, 500, 503])
@pytest.mark.parametrize(
    "echo",
    [
        {"json": {"error": f"The key {KEY} is no good"}},
        {"json": {"message": {"key": KEY}}},
        {"text": f"x-api-key: {KEY}"},
        {"html": f"<title>{KEY}</title>"},
        {"text": "x" * 490 + KEY},
        {"text": KEY[:4] + "\x00" + KEY[4:]},
        {"html": "<p>" + "".join(f"&#{ord(letter)};" for letter in KEY)},
    ],
)
def test_key_echoed_by_the_provider_is_not_shown(status_code, echo):
    transport = httpx.MockTransport(lambda request: httpx.Response(status_code, **echo))

    error = inside(fail(transport, "https://tavus.example", KEY))

    assert KEY not in shown(error)
    assert KEY[:8] not in shown(error)


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.LocalProtocolError]
)
def test_key_in_a_quoted_request_is_not_shown(failure):
    def quotes(request: httpx.Request) -> httpx.Response:
        raise failure(f"Illegal header value {request.headers['x-api-key']!r}", request=request)

    error = inside(fail(httpx.MockTransport(quotes), "https://tavus.example", KEY))

    assert KEY not in shown(error)
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.mark.parametrize("bad_key", [f"{KEY}\n", f" {KEY}", f"{KEY}é", f"{KEY}\x00"])
def test_unsendable_key_is_not_shown(bad_key):
    error = inside(fail(None, "http://127.0.0.1:1", bad_key))

    assert KEY not in shown(error)


def test_no_frame_over_real_sockets_shows_the_key(raw_server, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")

    async def answers_garbage(peer, reader, writer):
        await peer.request(reader)
        writer.write(b"\x00 garbage\r\n\r\n")

    async def main():
        async with raw_server(answers_garbage) as peer, Tavus(base_url=peer.url, api_key=KEY) as tavus:
            with pytest.raises(Unclear) as caught:
                await tavus.create_video(ASKED)
            return caught.value

    error = asyncio.run(main())

    assert error.__cause__ is None
    assert error.__context__ is None
    assert KEY not in shown(inside(error))


def test_key_is_not_logged_even_by_libraries(caplog, raw_server, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    caplog.set_level(logging.DEBUG)

    async def refuses(peer, reader, writer):
        await peer.request(reader)
        writer.write(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")

    async def main():
        async with raw_server(refuses) as peer, Tavus(base_url=peer.url, api_key=KEY) as tavus:
            with pytest.raises(TavusError):
                await tavus.list_replicas()

    asyncio.run(main())

    assert KEY not in caplog.text
