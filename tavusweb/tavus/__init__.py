"""A Tavus API client without Django: the client, the records it returns and the errors it raises."""

from tavusweb.tavus.client import Tavus
from tavusweb.tavus.errors import (
    InvalidRequest,
    NotAllowed,
    NotBegun,
    NotFound,
    NotRecognised,
    OutOfCredits,
    RateLimited,
    Refused,
    SlotsFull,
    TavusError,
    Unclear,
    Unreachable,
)
from tavusweb.tavus.failure_codes import FailureCode
from tavusweb.tavus.listing import Reading, read_list
from tavusweb.tavus.parsing import parse_date
from tavusweb.tavus.records import Page, RemoteReplica, RemoteVideo, VideoRequest
from tavusweb.tavus.transport import new_transport

__all__ = [
    "FailureCode",
    "InvalidRequest",
    "NotAllowed",
    "NotBegun",
    "NotFound",
    "NotRecognised",
    "OutOfCredits",
    "Page",
    "RateLimited",
    "Reading",
    "Refused",
    "RemoteReplica",
    "RemoteVideo",
    "SlotsFull",
    "Tavus",
    "TavusError",
    "Unclear",
    "Unreachable",
    "VideoRequest",
    "new_transport",
    "parse_date",
    "read_list",
]
