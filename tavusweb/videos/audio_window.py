"""Read a file through a small window, so that no recording is ever in memory as a whole."""

import os
import struct
from typing import Any, BinaryIO

STEP = 64 * 1024  # bytes read at once


class Window:
    """Bytes of a file by position. Consecutive reads cost one real read per `STEP`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start, self._held = 0, b""
        self.size = file.seek(0, os.SEEK_END)

    def at(self, position: int, length: int) -> bytes:
        """Up to `length` bytes from `position`, fewer at the end of the file. `length` is at most `STEP`."""
        start = position - self._start
        if not (start >= 0 and start + length <= len(self._held)):
            self._file.seek(position)
            self._start, self._held, start = position, self._file.read(STEP), 0
        return self._held[start : start + length]

    def ahead(self, position: int) -> bytes:
        """Bytes from `position` that need no second read: three or more, except at the end."""
        start = position - self._start
        return self._held[start:] if 0 <= start <= len(self._held) - 3 else self.at(position, STEP)

    def unpack(self, layout: str, position: int) -> tuple[Any, ...] | None:
        """The values at `position`; None if the file ends before them."""
        length = struct.calcsize(layout)
        content = self.at(position, length)
        return struct.unpack(layout, content) if len(content) == length else None
