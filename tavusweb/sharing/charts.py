"""Bars of a chart, as the numbers that an SVG needs: no script draws them, and no style says how long they are."""

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
    """A chart whose width is one unit of 10 for each bar. `top` is the value at its upper edge."""

    bars: list[Bar]
    width: int
    top: int


def bars(values: Sequence[int], *, top: int = 0) -> Chart:
    """Bars from 0 to `top`, which is by default the smallest round number above all values."""
    top = top or round_up(max(values, default=0))
    made = []
    for number, value in enumerate(values):
        height = round(HEIGHT * min(value, top) / top, 2)
        made.append(Bar(number * 10, round(HEIGHT - height, 2), height))
    return Chart(made, max(len(values), 1) * 10, top)


def round_up(value: int) -> int:
    """The smallest of 4, 10, 20, 40, 100, 200, … that is not below a value."""
    top = 4
    while top < value:
        top = top * 5 // 2 if str(top)[0] == "4" else top * 2
    return top
