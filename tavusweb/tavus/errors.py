"""Tavus errors, grouped by what a caller can do about them.

    TavusError
    ├── Refused             clearly rejected: nothing was accepted
    │   ├── InvalidRequest      the request itself is wrong: fix it
    │   │   └── NotFound            this account has no such video or replica
    │   ├── SlotsFull           the account is at its concurrency limit: wait
    │   ├── NotRecognised       the API key is unknown: replace it
    │   ├── OutOfCredits        the account has no credits: wait for its owner
    │   ├── NotAllowed          the API key lacks permission, often for this IP address
    │   └── RateLimited         too fast: wait `retry_after` seconds
    ├── Unreachable         nothing was sent: safe to retry
    ├── NotBegun            nothing was sent: the caller withdrew it
    └── Unclear             may have been accepted: check before retrying

Errors keep no cause: an HTTP library's exceptions carry request headers, and with them the API key.
"""

LONGEST_MESSAGE = 500  # characters


class TavusError(Exception):
    """Any outcome other than the requested response.

    `message` is the provider's message (one line of plain text, or "") or the network failure.
    `status_code` is None without a response. `retry_after` is in seconds, None if the response
    gave no time.
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
    """The request was clearly rejected: nothing was accepted."""


class InvalidRequest(Refused):
    """The request itself is invalid; sending it again unchanged fails again."""


class NotFound(InvalidRequest):
    """The account of this API key has no such video or replica."""


class SlotsFull(Refused):
    """The account is at its limit of concurrent videos."""


class NotRecognised(Refused):
    """Tavus does not know the API key."""


class OutOfCredits(Refused):
    """The account is out of credits."""


class NotAllowed(Refused):
    """The API key lacks permission, often because this server's IP address is not on its allow list."""


class RateLimited(Refused):
    """Too many requests."""


class Unreachable(TavusError):
    """Tavus could not be reached: nothing was sent, or an intermediary rejected it before Tavus."""


class NotBegun(TavusError):
    """Nothing was sent: the caller withdrew the request before its turn."""


class Unclear(TavusError):
    """The request may or may not have been accepted."""
