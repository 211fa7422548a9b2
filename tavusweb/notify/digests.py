"""Digest times: 8 a.m. in the recipient's time zone, weekly digests on Mondays. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .kinds import Cadence

AT = time(8)
MONDAY = 0


def next_digest(after: datetime, cadence: str, zone: ZoneInfo) -> datetime:
    """Return the first digest time after `moment`, in UTC, following local time across clock changes."""
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, AT, zone).astimezone(UTC)
        is_its_day = cadence != Cadence.WEEKLY or day.weekday() == MONDAY
        if is_its_day and moment > after:
            return moment
        day += timedelta(days=1)
