"""Intervals between polls of a video. Pure: times and chance are arguments."""

import random

from tavusweb.backoff import pause_after

WATCHED_SECONDS = 3.0  # watched: with the request and the page's own refresh, this stays under 10 s
UNWATCHED_SECONDS = 8.0  # not watched: the page opens with a state less than 10 s old
BACKOFF_FIRST, BACKOFF_LONGEST = 2.0, 300.0
JITTER = 0.2


def next_poll_in(*, is_watched: bool) -> float:
    """Seconds until the next poll of a video that is rendering."""
    return WATCHED_SECONDS if is_watched else UNWATCHED_SECONDS


def after_failure(failures: int, *, chance: float | None = None) -> float:
    """Seconds to wait after that many failures in a row. `chance`, from 0 to 1, spreads videos that failed together."""
    chance = random.random() if chance is None else chance  # noqa: S311 - nobody gains by guessing it
    seconds = pause_after(failures, first=BACKOFF_FIRST, longest=BACKOFF_LONGEST)
    return seconds * (1 - JITTER + 2 * JITTER * chance)
