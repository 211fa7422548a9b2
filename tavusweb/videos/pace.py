"""When a video is looked at next. Pure: every moment and every chance comes in as an argument."""

import random

from .life import Status

WATCHED_SECONDS = 3.0  # somebody looks: with the fetch and the page's own refresh this stays under 10 s
UNWATCHED_SECONDS = {Status.QUEUED: 8.0, Status.GENERATING: 8.0}
BACKOFF_FIRST, BACKOFF_LONGEST = 2.0, 300.0
JITTER = 0.2


def next_poll_in(status: Status, *, watched: bool, failures: int = 0, chance: float | None = None) -> float:
    """Seconds until the next poll. `chance` in 0..1 spreads polls that would fall together."""
    chance = random.random() if chance is None else chance  # noqa: S311 - nobody gains by guessing it
    if failures:
        seconds = min(BACKOFF_FIRST * float(2 ** min(failures - 1, 16)), BACKOFF_LONGEST)
    elif watched:
        seconds = WATCHED_SECONDS
    else:
        seconds = UNWATCHED_SECONDS.get(status, 8.0)
    return seconds * (1 - JITTER + 2 * JITTER * chance)
