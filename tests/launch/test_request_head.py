import pytest

from tavusweb.launch.request_head import Head, read_head


@pytest.mark.parametrize(
    ("text", "body", "is_streamed"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0, False),
        (b"POST / HTTP/1.1\r\ncontent-LENGTH:\t12 \r\n\r\nab", 12, False),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 60000\r\n\r\n", 60_000, False),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", int("9" * 18), False),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 0, True),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nexpect: 100-continue\r\n\r\n", 5, True),
        (b"POST / HTTP/1.1\r\nX-Content-Length: 5\r\nNo: Transfer-Encoding: x\r\n\r\n", 0, False),
    ],
)
def test_head_announces_size_and_body(text: bytes, body: int, is_streamed: bool) -> None:
    head = read_head(bytearray(text))

    assert head == Head(text.index(b"\r\n\r\n") + 4, body, is_streamed)


@pytest.mark.parametrize("text", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\n\n"])
def test_incomplete_head_is_not_read(text: bytes) -> None:
    assert read_head(bytearray(text)) is None
