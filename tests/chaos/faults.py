"""What goes wrong at the provider, and how often: every fault on 10 to 20 % of the requests that it fits.

The exception is silence after an acceptance: each takes up a place until our own time-out, so it is rarer.
"""

import random
from enum import StrEnum

from tests.chaos.http import Request


class Fault(StrEnum):
    NONE = "none"
    ACCEPTED_SILENCE = "accepted, then silence"
    ACCEPTED_RESET = "accepted, then reset"
    ACCEPTED_500 = "accepted, then 500"
    ACCEPTED_TRUNCATED = "accepted, then truncated JSON"
    RESET_BEFORE = "reset before the request was read"
    RESET_AFTER = "reset after the request, nothing accepted"
    HTML_502 = "502 as HTML, nothing accepted"
    RATE_LIMITED = "429, Retry-After in seconds"
    RATE_LIMITED_DATE = "429, Retry-After as a date"
    TRUNCATED = "truncated JSON"
    UNKNOWN_STATUS = "unknown status"
    SLOW = "slow answer"


# Where nothing was accepted a video goes on only when that is proven, after more than a minute.
SUBMIT = {
    Fault.ACCEPTED_SILENCE: 0.03,
    Fault.ACCEPTED_RESET: 0.1,
    Fault.ACCEPTED_500: 0.1,
    Fault.ACCEPTED_TRUNCATED: 0.1,
    Fault.RESET_BEFORE: 0.1,
    Fault.RESET_AFTER: 0.1,
    Fault.HTML_502: 0.1,
    Fault.RATE_LIMITED: 0.05,
    Fault.RATE_LIMITED_DATE: 0.05,
    Fault.SLOW: 0.15,
}
LOOK = {
    Fault.RESET_BEFORE: 0.1,
    Fault.RESET_AFTER: 0.1,
    Fault.HTML_502: 0.1,
    Fault.TRUNCATED: 0.1,
    Fault.SLOW: 0.15,
    Fault.UNKNOWN_STATUS: 0.15,
    Fault.RATE_LIMITED: 0.01,  # one silences its key for five seconds, and there are many requests
    Fault.RATE_LIMITED_DATE: 0.01,
}


class Mix:
    """Draws at most one fault for each request; none any more after `calm()`."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.is_calm = False

    def calm(self) -> None:
        self.is_calm = True

    def draw(self, request: Request) -> Fault:
        if self.is_calm:
            return Fault.NONE
        shares = SUBMIT if request.is_submission else LOOK
        chance = self.random.random()
        for fault, share in shares.items():
            chance -= share
            if chance < 0:
                return fault
        return Fault.NONE

    def happens(self, share: float) -> bool:
        return not self.is_calm and self.random.random() < share
