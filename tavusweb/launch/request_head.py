"""Read from a request's head how much is still to arrive. Validation is left to gunicorn."""

import re
from dataclasses import dataclass

MAX_HEAD = 64 * 1024  # bytes
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d+)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_STREAMED = re.compile(rb"^(transfer-encoding|expect)[ \t]*:", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Head:
    size: int  # bytes before the body
    body: int  # announced bytes of the body
    is_streamed: bool  # unknown length, or the client waits for 100 Continue


def read_head(received: bytearray) -> Head | None:
    """Return the head, or None until it is complete."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[:end]).replace(b"\r\n", b"\n")
    lengths = [int(each[:18]) for each in _LENGTH.findall(head)]
    return Head(end + 4, max(lengths, default=0), bool(_STREAMED.search(head)))
