"""Statistics of visits, as sums. Pure, without a database."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

SEGMENTS = 50
ALL_SEGMENTS = (1 << SEGMENTS) - 1
MOST_SECONDS = 3600  # of one visit that count: a page left open for a day is no day of watching
COUNTS = (
    *("views", "visitors", "measured", "plays", "quarter", "half", "three_quarters", "whole"),
    *("clicks", "downloads", "members", "machines"),
)

PLAYED = ("plays", "quarter", "half", "three_quarters", "whole")


@dataclass(slots=True)
class Numbers:
    """Statistics of a set of visits. They can be summed over days and links."""

    views: int = 0
    visitors: int = 0
    measured: int = 0
    plays: int = 0
    quarter: int = 0
    half: int = 0
    three_quarters: int = 0
    whole: int = 0
    clicks: int = 0
    downloads: int = 0
    members: int = 0
    machines: int = 0
    durations: Counter[int] = field(default_factory=Counter)
    curve: list[int] = field(default_factory=lambda: [0] * SEGMENTS)

    @classmethod
    def of(cls, row: Any) -> "Numbers":
        """Return the statistics in a VisitDay row, whose JSON keys are strings."""
        counts = {name: getattr(row, name) for name in COUNTS}
        durations = Counter({int(seconds): visits for seconds, visits in row.durations.items()})
        return cls(**counts, durations=durations, curve=list(row.curve) or [0] * SEGMENTS)

    def add(self, other: "Numbers") -> None:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.durations.update(other.durations)
        self.curve = [mine + theirs for mine, theirs in zip(self.curve, other.curve, strict=True)]

    def as_columns(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)} | {"durations": dict(self.durations)}

    def add_durations(self, visits_by_seconds: Mapping[int, int] | Iterable[tuple[int, int]]) -> None:
        for seconds, visits in dict(visits_by_seconds).items():
            self.durations[step(seconds)] += visits

    def add_watched(self, watched: int, visits: int) -> None:
        """Count `visits` that played the segments whose bits are set."""
        for segment in range(SEGMENTS):
            self.curve[segment] += visits * (watched >> segment & 1)

    @property
    def median_seconds(self) -> int | None:
        """Return the median duration; None without any."""
        left = (sum(self.durations.values()) + 1) // 2
        if not left:
            return None
        for seconds, visits in sorted(self.durations.items()):
            left -= visits
            if left <= 0:
                return seconds
        return None

    @property
    def unmeasured(self) -> int:
        return self.views - self.measured

    @property
    def shares(self) -> dict[str, int | None]:
        """Return what was played, in percent of the visits in our own player."""
        return {name: self.share(getattr(self, name)) for name in PLAYED}

    def share(self, count: int) -> int | None:
        """Return `count` in percent of the visits in our own player; None where nothing can be measured."""
        return round(100 * count / self.measured) if self.measured else None


def step(seconds: int) -> int:
    """Round a duration down: to 1 second below a minute, 5 below ten minutes, 60 above; bounded.

    This keeps a day's durations to a handful of values, however many visits there were.
    """
    seconds = min(seconds, MOST_SECONDS)
    size = 1 if seconds < 60 else 5 if seconds < 600 else 60
    return seconds - seconds % size
