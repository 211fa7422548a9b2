"""When a video is looked at next, and whom Tavus can reach."""

import pytest

from tavusweb.engine.poll_intervals import (
    BACKOFF_LONGEST,
    UNWATCHED_SECONDS,
    WATCHED_SECONDS,
    after_failure,
    next_poll_in,
)
from tavusweb.reachability import is_public


def test_shown_state_is_at_most_ten_seconds_old() -> None:
    round_and_fetch = 1.0

    assert next_poll_in(is_watched=True) == WATCHED_SECONDS
    assert next_poll_in(is_watched=False) == UNWATCHED_SECONDS
    assert UNWATCHED_SECONDS + round_and_fetch < 10


@pytest.mark.parametrize(("failures", "seconds"), [(0, 2), (1, 2), (2, 4), (3, 8), (8, 256), (9, 300), (10_000, 300)])
def test_each_failure_doubles_the_pause_up_to_the_longest(failures: int, seconds: float) -> None:
    assert after_failure(failures, chance=0.5) == pytest.approx(seconds)


def test_failures_are_spread_out() -> None:
    soonest, latest = after_failure(3, chance=0), after_failure(3, chance=1)

    assert (soonest, latest) == (pytest.approx(6.4), pytest.approx(9.6))
    assert len({after_failure(3) for _ in range(20)}) > 1
    assert all(6.4 <= after_failure(3) <= 9.6 for _ in range(100))
    assert after_failure(10**6, chance=1) == pytest.approx(BACKOFF_LONGEST * 1.2)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://videos.example.com/x", True),
        ("https://Videos.Example.COM.", True),
        ("https://93.184.216.34:8443", True),
        ("https://[2606:2800:220:1::1]/", True),
        ("http://localhost:8000", False),
        ("http://intranet/x", False),
        ("http://127.0.0.1", False),
        ("http://127.1", False),
        ("http://2130706433", False),
        ("http://10.0.0.8", False),
        ("http://169.254.169.254/latest", False),
        ("http://[::1]:8000", False),
        ("http://[fd00::1]", False),
        ("http://nas.local", False),
        ("http://a.b.internal", False),
        ("http://router.lan", False),
        ("", False),
        ("https://", False),
    ],
)
def test_public_address_is_recognised_by_its_name(address: str, expected: bool) -> None:
    assert is_public(address) is expected
