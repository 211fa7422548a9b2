"""Read a response body with limits on bytes received, decompressed size, and time between event loop turns."""

import asyncio
import zlib
from typing import cast

import httpx

LARGEST_ANSWER = 5_000_000  # bytes, both received and decompressed
GZIP = 16 + zlib.MAX_WBITS
WINDOWS = {"gzip": GZIP, "x-gzip": GZIP, "deflate": zlib.MAX_WBITS}


async def read_body(response: httpx.Response) -> bytes:
    """Read to the end; httpx.DecodingError if it is too large or cannot be decompressed.

    httpx would decompress each chunk in full, and nested encodings too: 16 KB of gzip in gzip can become 16 GB.
    """
    codings = [name.strip().lower() for name in response.headers.get("content-encoding", "").split(",")[:9]]
    packed = [name for name in codings if name in WINDOWS]
    if len(packed) > 1:
        raise httpx.DecodingError("The answer is packed more than once")
    unpacking = _Decompressor(packed[0]) if packed else None
    body = bytearray()
    received = 0
    async for chunk in cast(httpx.AsyncByteStream, response.stream):
        received += len(chunk)
        body += unpacking.next(chunk, LARGEST_ANSWER + 1 - len(body)) if unpacking else chunk
        if max(received, len(body)) > LARGEST_ANSWER:
            raise httpx.DecodingError(f"The answer is larger than {LARGEST_ANSWER} bytes")
        await asyncio.sleep(0)  # otherwise a stream that never pauses would starve the timeout
    if unpacking and received and not unpacking.is_complete:
        raise httpx.DecodingError("The packed answer ends too early")
    return bytes(body)


class _Decompressor:
    def __init__(self, coding: str) -> None:
        self._zlib = zlib.decompressobj(WINDOWS[coding])
        self._may_be_bare = coding == "deflate"  # some servers omit the two-byte header

    @property
    def is_complete(self) -> bool:
        return self._zlib.eof

    def next(self, chunk: bytes, room: int) -> bytes:
        """Decompress one chunk into at most `room` bytes; data after the end is dropped."""
        if self._zlib.eof or not chunk:
            return b""
        try:
            return self._zlib.decompress(chunk, room)
        except zlib.error as error:
            if not self._may_be_bare:
                raise httpx.DecodingError(str(error)) from None
            self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
        finally:
            self._may_be_bare = False
        return self.next(chunk, room)
