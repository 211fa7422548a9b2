"""Dates as Tavus writes them: three forms, all UTC (tavus-api.md, "Dates")."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 64  # characters; no date is longer, and the parsers are not asked to read a page


def parse_date(value: object) -> datetime | None:
    """Read a date in any of the three forms; an aware UTC datetime, or None for anything else."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return _as_utc(parse(value.strip()))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
