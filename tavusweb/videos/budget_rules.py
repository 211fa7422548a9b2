"""Whether a video may be bought now: the budget of the month, and who has to approve first. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_RECORDING = 600.0  # seconds; a recording at a URL, whose length nobody here knows, counts as this long


@dataclass(frozen=True, slots=True)
class Rules:
    """A workspace's limits, in seconds of video; None is no limit."""

    monthly_seconds: int | None = None
    approve_above_seconds: int | None = None
    needs_approval: bool = False  # of the person who asks, whatever the length


class Verdict(StrEnum):
    BUY = "buy"
    PARK = "park"
    REFUSE = "refuse"


def decide(rules: Rules, *, seconds: int, used: int, is_approver: bool) -> Verdict:
    """Decide on a video of `seconds` after `used` seconds this month. A budget binds approvers too."""
    if rules.monthly_seconds is not None and used + seconds > rules.monthly_seconds:
        return Verdict.REFUSE
    is_long = rules.approve_above_seconds is not None and seconds > rules.approve_above_seconds
    if not is_approver and (is_long or rules.needs_approval):
        return Verdict.PARK
    return Verdict.BUY


def month_of(at: datetime) -> datetime:
    """The start of the month in UTC, from which spending counts."""
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
