"""A client connection with deadlines, so that no thread waits long on a slow client. Standard library only."""

import errno
import os
import select
import socket
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

IDLE = 20.0  # seconds without a byte after which a thread gives up on a connection
SLOWEST_IN, SLOWEST_OUT = 32 * 1024, 4 * 1024  # bytes per second on average
IN_MEMORY = 4 * 1024 * 1024  # bytes of a response buffered here; beyond that, the thread creating it waits
STEP = 1024 * 1024  # bytes of a file sent per call


@dataclass
class Piece:
    """A part of a response not sent yet: bytes, or a section of an open file."""

    data: memoryview
    file: int = -1  # a descriptor that we own
    offset: int = 0
    left: int = 0

    @property
    def size(self) -> int:
        return self.left if self.file >= 0 else len(self.data)


class ClientSocket(socket.socket):
    """Read with a deadline, and write without blocking: unsent data is queued for `push`."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.outgoing: deque[Piece] = deque()
        self.begin()

    def begin(self) -> None:
        """Restart the deadline for a request that a thread starts to read."""
        self._started, self._taken = time.monotonic(), 0

    def setblocking(self, flag: bool) -> None:
        self.settimeout(IDLE if flag else 0.0)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        if self.gettimeout() and time.monotonic() > self._started + IDLE + self._taken / SLOWEST_IN:
            raise _too_slow()
        try:
            data = super().recv(size, flags)
        except TimeoutError:
            raise _too_slow() from None
        self._taken += len(data)
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        self.outgoing.append(Piece(memoryview(bytes(data))))
        self._push_and_keep_little()

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        left = count if count is not None else os.fstat(file.fileno()).st_size - offset
        self.outgoing.append(Piece(memoryview(b""), os.dup(file.fileno()), offset, left))
        self.push()
        return left

    def push(self) -> bool:
        """Send as much as the client accepts now; return True when nothing is left."""
        while self.outgoing:
            piece = self.outgoing[0]
            try:
                self._push(piece)
            except BlockingIOError:
                return False
            if not piece.size:
                self._drop()
        return True

    def waiting(self) -> int:
        """Return the number of unsent bytes."""
        return sum(piece.size for piece in self.outgoing)

    def close(self) -> None:
        while self.outgoing:
            self._drop()
        super().close()

    def _push(self, piece: Piece) -> None:
        if piece.file < 0:
            piece.data = piece.data[os.write(self.fileno(), piece.data) :]
            return
        sent = os.sendfile(self.fileno(), piece.file, piece.offset, min(piece.left, STEP))
        if not sent and piece.left:
            raise ConnectionResetError(errno.ECONNRESET, "the file has become shorter")
        piece.offset, piece.left = piece.offset + sent, piece.left - sent

    def _drop(self) -> None:
        piece = self.outgoing.popleft()
        if piece.file >= 0:
            os.close(piece.file)

    def _push_and_keep_little(self) -> None:
        began = time.monotonic()
        before = self.waiting()
        while not self.push() and sum(len(piece.data) for piece in self.outgoing) > IN_MEMORY:
            allowed = began + IDLE + (before - self.waiting()) / SLOWEST_OUT
            poll = select.poll()
            poll.register(self, select.POLLOUT)
            if time.monotonic() > allowed or not poll.poll(IDLE * 1000):
                raise _too_slow()


def _too_slow() -> OSError:
    """Return the error that gunicorn treats as a disconnected client and does not log."""
    return ConnectionResetError(errno.ECONNRESET, "too slow")
