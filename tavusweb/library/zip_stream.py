"""Many videos as one zip file, written while it is sent: never in memory or on disk, and without the database."""

import io
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tavusweb.media_download import CannotDownload, media
from tavusweb.text_policy import as_line, cut

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LISTING = "not-included.txt"
UNSAFE = dict.fromkeys(map(ord, '/\\:*?"<>|'), "-")
_places = BoundedSemaphore(2)  # of each process: a download holds one of its threads for as long as it lasts

Open = Callable[[str], AbstractContextManager[Iterator[bytes]]]


class Busy(Exception):
    """This process sends as many zip files as it may."""


@dataclass(frozen=True)
class Entry:
    """A video in the file. Without a URL it is listed as missing."""

    title: str
    url: str
    extension: str = "mp4"


class ZipStream:
    """The file's bytes. Raises Busy at once; `close` frees the place, whether all was sent or not.

    `left_out` videos were selected but are too many for one file; a text file inside says so.
    """

    def __init__(self, entries: Sequence[Entry], *, left_out: int = 0, open_media: Open = media) -> None:
        if not _places.acquire(blocking=False):
            raise Busy
        self._is_open = True
        self._bytes = written(entries, open_media, left_out=left_out)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return next(self._bytes)

    def close(self) -> None:
        self._bytes.close()
        if self._is_open:
            self._is_open = False
            _places.release()


def written(entries: Sequence[Entry], open_media: Open, *, left_out: int = 0) -> Generator[bytes, None, None]:
    sink, missing = _Sink(), []
    with ZipFile(sink, "w", ZIP_STORED, allowZip64=True) as file:
        for number, entry in enumerate(entries, start=1):
            name = f"{number:03d} {_file_name(entry.title)}.{entry.extension}"
            try:
                if not entry.url:
                    raise CannotDownload(_("not ready"))
                with open_media(entry.url) as parts, file.open(ZipInfo(name), "w", force_zip64=True) as target:
                    for part in parts:
                        target.write(part)
                        yield sink.take()
            except CannotDownload as reason:
                missing.append(f"{name}: {reason}")
            yield sink.take()
        lines = [_("These videos are missing or incomplete:"), *missing, ""] if missing else []
        if left_out:
            words = ngettext(
                "%(count)d more selected video didn’t fit into one file. Download it separately.",
                "%(count)d more selected videos didn’t fit into one file. Download them separately.",
                left_out,
            )
            lines += [words % {"count": left_out}, ""]
        if lines:
            file.writestr(LISTING, "\n".join(lines))
    yield sink.take()


def extension_of(url: str) -> str:
    return "webm" if urlsplit(url).path.endswith(".webm") else "mp4"


def _file_name(title: str) -> str:
    return cut(as_line(title), 80).translate(UNSAFE).strip(". ") or "video"


class _Sink(io.RawIOBase):
    """Where the zip file is written: it can't go back, so each entry's size follows its bytes."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        view = memoryview(data)
        self._written += view
        return view.nbytes

    def take(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken
