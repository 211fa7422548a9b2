"""Compute the bars of a chart as SVG coordinates, so that no script or inline style is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in which each bar is 10 units wide. `top` is the value at its upper edge."""

    bars: list[Bar]
    width: int
    top: int


def bars(values: Sequence[int], *, top: int = 0) -> Chart:
    """Return bars from 0 to `top`, by default the smallest round number above all values."""
    top = top or round_up(max(values, default=0))
    made = []
    for number, value in enumerate(values):
        height = round(HEIGHT * min(value, top) / top, 2)
        made.append(Bar(number * 10, round(HEIGHT - height, 2), height))
    return Chart(made, max(len(values), 1) * 10, top)


def round_up(value: int) -> int:
    """Return the smallest of 4, 10, 20, 40, 100, 200, … that is not below a value."""
    top = 4
    while top < value:
        top = top * 5 // 2 if str(top)[0] == "4" else top * 2
    return top
