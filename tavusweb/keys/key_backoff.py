"""The back-off of a whole API key: how long it rests in each state of trouble."""

from dataclasses import dataclass
from datetime import timedelta

from tavusweb.backoff import pause_after

from .health_states import Health


@dataclass(frozen=True)
class RestPolicy:
    """How long a key rests after one kind of trouble; the first pause doubles with each repetition."""

    first: timedelta
    longest: timedelta
    stops_polling: bool

    def after(self, failures: int) -> timedelta:
        first, longest = self.first.total_seconds(), self.longest.total_seconds()
        return timedelta(seconds=pause_after(failures, first=first, longest=longest))


REST_POLICIES: dict[str, RestPolicy] = {
    Health.NOT_RECOGNISED: RestPolicy(timedelta(seconds=30), timedelta(minutes=15), stops_polling=True),
    Health.NOT_ALLOWED: RestPolicy(timedelta(seconds=30), timedelta(minutes=15), stops_polling=True),
    Health.OUT_OF_CREDITS: RestPolicy(timedelta(seconds=30), timedelta(minutes=10), stops_polling=False),
    Health.RATE_LIMITED: RestPolicy(timedelta(seconds=5), timedelta(minutes=5), stops_polling=True),
    Health.UNREACHABLE: RestPolicy(timedelta(seconds=3), timedelta(seconds=30), stops_polling=True),
    Health.UNREADABLE: RestPolicy(timedelta(minutes=1), timedelta(minutes=15), stops_polling=True),
}
