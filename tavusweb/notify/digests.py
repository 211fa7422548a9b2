"""When digests go out: at eight in the morning where the person is, weekly ones on Mondays. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .kinds import Cadence

AT = time(8)
MONDAY = 0


def next_digest(after: datetime, cadence: str, zone: ZoneInfo) -> datetime:
    """The first digest after a moment, in UTC. By the clock on the wall, whatever it is set to in the meantime."""
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, AT, zone).astimezone(UTC)
        is_its_day = cadence != Cadence.WEEKLY or day.weekday() == MONDAY
        if is_its_day and moment > after:
            return moment
        day += timedelta(days=1)
