"""What the beginning of a request says about how much of it is to come. Nothing is judged here: gunicorn does that."""

import re
from dataclasses import dataclass

MAX_HEAD = 64 * 1024  # bytes
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d+)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_STREAMED = re.compile(rb"^(transfer-encoding|expect)[ \t]*:", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Head:
    size: int  # bytes of the request up to its body
    body: int  # bytes of the body, as announced
    is_streamed: bool  # its length is not known, or it waits to be asked for


def read_head(received: bytearray) -> Head | None:
    """None while the end of the head has not come."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[:end]).replace(b"\r\n", b"\n")
    lengths = [int(each[:18]) for each in _LENGTH.findall(head)]
    return Head(end + 4, max(lengths, default=0), bool(_STREAMED.search(head)))
