"""What can go wrong with Tavus, by what a caller can do about it.

    TavusError
    ├── Refused             a clear no: nothing was accepted
    │   ├── InvalidRequest      the request itself is wrong: fix it
    │   │   └── NotFound            this account has no such video or replica
    │   ├── SlotsFull           the account renders as many videos as it may: wait
    │   ├── NotRecognised       the API key is unknown: replace it
    │   ├── OutOfCredits        the account cannot pay: wait for its owner
    │   ├── NotAllowed          the API key may not do this, often not from this address
    │   └── RateLimited         too fast: wait `retry_after` seconds
    ├── Unreachable         nothing was sent: safe to repeat
    ├── NotBegun            nothing was sent: the caller no longer wanted it
    └── Unclear             it is unknown whether it was accepted: look before repeating

An error keeps no cause: the exceptions of an HTTP library carry request headers, and so the API key.
"""

LONGEST_MESSAGE = 500  # characters


class TavusError(Exception):
    """Anything but the answer that was asked for.

    `message` is what the provider said (plain text of one line, "" when it said nothing), or what the
    network did. `status_code` is None when there was no answer. `retry_after` is in seconds, None when
    the answer named no time.
    """

    def __init__(self, message: str = "", *, status_code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message[:LONGEST_MESSAGE])
        self.message = message[:LONGEST_MESSAGE]
        self.status_code = status_code
        self.retry_after = retry_after

    def __str__(self) -> str:
        message = self.message or type(self).__name__
        return message if self.status_code is None else f"{self.status_code}: {message}"


class Refused(TavusError):
    """A clear no: nothing was accepted."""


class InvalidRequest(Refused):
    """The request itself is wrong; sending it again as it is gets the same answer."""


class NotFound(InvalidRequest):
    """The account of this API key has no such video or replica."""


class SlotsFull(Refused):
    """The account renders as many videos at once as it may."""


class NotRecognised(Refused):
    """The API key is not one that Tavus knows."""


class OutOfCredits(Refused):
    """The account cannot pay for it."""


class NotAllowed(Refused):
    """The API key may not do this; often because this server's address is not on the key's list."""


class RateLimited(Refused):
    """Too many requests."""


class Unreachable(TavusError):
    """Tavus could not be reached: nothing was sent, or a server in between turned it away unseen."""


class NotBegun(TavusError):
    """Nothing was sent, because the caller no longer wanted it when its turn came."""


class Unclear(TavusError):
    """Whether it was accepted is unknown."""
