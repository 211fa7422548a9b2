"""Fetch finished videos from where pages may load them: the hosts in TAVUS_MEDIA_ORIGINS, and this very site's sandbox.

Nothing else is fetched, whatever address a video has: no redirect is followed and no proxy is taken from the environment.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tavusweb.http import known_media

SECONDS = 20.0  # without a byte
LARGEST = 4 * 1024**3  # bytes of one video


class CannotDownload(Exception):
    """The video cannot be fetched, or not to its end. The message says why in a word or two, without the address."""


@contextmanager
def media(url: str, *, transport: httpx.BaseTransport | None = None) -> Iterator[Iterator[bytes]]:
    """Yield the parts of a video as they arrive. Raises CannotDownload, also from the parts."""
    if not known_media(url):
        raise CannotDownload("unknown host")
    headers = {"Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=SECONDS, transport=transport) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            if response.status_code != 200:
                raise CannotDownload(f"status {response.status_code}")
            yield _parts(response)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CannotDownload(type(error).__name__) from error


def _parts(response: httpx.Response) -> Iterator[bytes]:
    announced, size = response.headers.get("Content-Length", ""), 0
    try:
        for part in response.iter_raw():
            size += len(part)
            if size > LARGEST:
                raise CannotDownload("too large")
            yield part
    except httpx.HTTPError as error:
        raise CannotDownload(type(error).__name__) from error
    if announced.isdecimal() and size != int(announced):
        raise CannotDownload("cut short")
