"""Digests are sent at 8 a.m. local time, across every clock change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.notify.choices import known_zones
from tavusweb.notify.digests import next_digest
from tavusweb.notify.kinds import Cadence

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        ("Europe/Berlin", "2026-11-27T06:59:59+00:00", "2026-11-27T07:00:00+00:00"),
        ("Europe/Berlin", "2026-11-27T07:00:00+00:00", "2026-11-28T07:00:00+00:00"),
        # The day clocks go forward has 23 hours, the day they go back 25.
        ("Europe/Berlin", "2026-03-28T07:00:00+00:00", "2026-03-29T06:00:00+00:00"),
        ("Europe/Berlin", "2026-10-24T06:00:00+00:00", "2026-10-25T07:00:00+00:00"),
        ("America/New_York", "2026-03-07T13:00:00+00:00", "2026-03-08T12:00:00+00:00"),
        ("America/New_York", "2026-10-31T12:00:00+00:00", "2026-11-01T13:00:00+00:00"),
        ("Australia/Lord_Howe", "2026-04-03T21:00:00+00:00", "2026-04-04T21:30:00+00:00"),
        ("Asia/Kathmandu", "2026-11-27T00:00:00+00:00", "2026-11-27T02:15:00+00:00"),
        # Samoa had no 30 December 2011.
        ("Pacific/Apia", "2011-12-29T18:00:00+00:00", "2011-12-30T18:00:00+00:00"),
        ("UTC", "2026-12-31T09:00:00+00:00", "2027-01-01T08:00:00+00:00"),
    ],
)
def test_next_daily_digest(zone: str, after: str, expected: str) -> None:
    moment = next_digest(datetime.fromisoformat(after), Cadence.DAILY, ZoneInfo(zone))

    assert moment == datetime.fromisoformat(expected)


def test_weekly_digest_is_sent_on_monday() -> None:
    friday = datetime(2026, 11, 27, 12, tzinfo=UTC)

    first = next_digest(friday, Cadence.WEEKLY, BERLIN)
    second = next_digest(first, Cadence.WEEKLY, BERLIN)

    assert (first, second - first) == (datetime(2026, 11, 30, 7, tzinfo=UTC), timedelta(days=7))


@given(
    after=st.integers(1_577_836_800, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC)),
    zone=st.sampled_from(known_zones()),
    cadence=st.sampled_from([Cadence.DAILY, Cadence.WEEKLY]),
)
def test_next_digest_is_in_the_future_at_eight_local_time(after: datetime, zone: str, cadence: Cadence) -> None:
    moment = next_digest(after, cadence, ZoneInfo(zone))

    there = moment.astimezone(ZoneInfo(zone))
    assert after < moment <= after + timedelta(days=1 if cadence == Cadence.DAILY else 7, hours=25)
    assert (there.hour, there.minute) == (8, 0)
