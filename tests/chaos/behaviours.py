"""What a provider's list, names and answers may be like beyond its documentation: one behaviour for each API key.

Written apart from tests/opposite_tavus.py and without any of the product's code, so that no belief of the product can
hide in both. What a list hides for ever is left out: no reading can tell it from what is absent.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Slice = Callable[[Sequence[Row], int, int], Sequence[Row]]

OWN_SIZE = 10  # items to a page, whatever more was asked for
MISSING = object()  # a total that is not in the answer
CUT_FROM, CUT_TO = 12, 6  # enough are hidden that videos which are known to be there are among them


def page_of(rows: Sequence[Row], index: int, size: int) -> Sequence[Row]:
    return rows[index * size : (index + 1) * size]


@dataclass(frozen=True)
class Behaviour:
    """`can_prove`: whether its list, read with care, can prove a video absent."""

    name: str
    can_prove: bool = True
    first_page: int = 0
    page_zero: str = "refused"  # when pages begin at 1: refused, repeated or empty
    size: Callable[[int], int] = lambda limit: min(limit, OWN_SIZE)
    order: Callable[[list[Row]], list[Row]] = lambda rows: rows[::-1]  # from oldest first
    page: Slice = page_of
    total: Callable[[int], Any] = int
    named: Callable[[str], str] = str  # how it keeps a name
    shown: Callable[[Row], Row] = dict  # how it writes an item
    is_cut: bool = False  # only the newest are listed, and counted
    leaves_out: float = 0.0  # the share of readings that lack one item; each item is left out of one at most
    counts_left_out: bool = True
    has_strangers: bool = False  # others add and delete videos all the while
    answers_another: float = 0.0  # the share of submissions whose answer is about another video
    unknown_for: float = 0.0  # seconds in which a new id is said to be invalid

    def __str__(self) -> str:
        return self.name


def no_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["video_id"])


def everything(rows: Sequence[Row], index: int, size: int) -> Sequence[Row]:
    return rows


def last_one_again(rows: Sequence[Row], index: int, size: int) -> Sequence[Row]:
    """The last item of a page stands in place of the first of the next one."""
    page = page_of(rows, index, size)
    return [rows[index * size - 1], *page[1:]] if index and page else page


def gap_after_the_first(rows: Sequence[Row], index: int, size: int) -> Sequence[Row]:
    return [] if index == 1 else page_of(rows, index - (index > 1), size)


def second_unreadable(rows: Sequence[Row], index: int, size: int) -> Sequence[Row]:
    return [row | {"video_id": None} if place == 1 else row for place, row in enumerate(page_of(rows, index, size))]


def newest_unreadable(rows: Sequence[Row], index: int, size: int) -> Sequence[Row]:
    return [row | {"video_id": ""} if row is rows[0] else row for row in page_of(rows, index, size)]


def cut_to(length: int) -> Callable[[str], str]:
    return lambda name: name[:length]


def without_dates(row: Row) -> Row:
    return {name: value for name, value in row.items() if not name.endswith("_at")}


def dated(text: str) -> Callable[[Row], Row]:
    return lambda row: row | {"created_at": text, "updated_at": text}


AS_DOCUMENTED = Behaviour("as documented")

TABLE = (
    Behaviour("pages from 1, page 0 refused", first_page=1),
    Behaviour("pages from 1, page 0 repeats page 1", first_page=1, page_zero="repeated"),
    Behaviour("pages from 1, page 0 empty", first_page=1, page_zero="empty"),
    Behaviour("oldest first", order=list),
    Behaviour("no order", order=no_order),
    Behaviour("pages of one", size=lambda limit: 1),
    Behaviour("pages of three, oldest first, from 1", size=lambda limit: 3, order=list, first_page=1),
    Behaviour("pages of a hundred", size=lambda limit: min(limit, 100)),
    Behaviour("limit ignored", size=lambda limit: 25),
    Behaviour("paging ignored", page=everything),
    Behaviour("total missing", can_prove=False, total=lambda number: MISSING),
    Behaviour("total null", can_prove=False, total=lambda number: None),
    Behaviour("total a string", can_prove=False, total=str),
    Behaviour("total zero", can_prove=False, total=lambda number: 0),
    Behaviour("total too large", can_prove=False, total=lambda number: number + 3),
    Behaviour("total too small", can_prove=False, total=lambda number: max(number - 1, 0)),
    Behaviour("list and total cut alike", can_prove=False, is_cut=True),
    Behaviour("last item again on the next page", can_prove=False, page=last_one_again),
    Behaviour("empty page before the end", can_prove=False, page=gap_after_the_first),
    Behaviour("one item left out of a reading", leaves_out=0.3),
    Behaviour("one item left out and not counted", leaves_out=0.3, counts_left_out=False),
    Behaviour("second item of each page without an id", can_prove=False, page=second_unreadable),
    Behaviour("newest item without an id", can_prove=False, page=newest_unreadable),
    Behaviour("strangers come and go", can_prove=False, has_strangers=True),
    Behaviour("names cut to 100", named=cut_to(100)),
    Behaviour("names cut to 64", can_prove=False, named=cut_to(64)),
    Behaviour("names cut to 40", can_prove=False, named=cut_to(40)),
    Behaviour("names cut to 24", can_prove=False, named=cut_to(24)),
    Behaviour("names trimmed", named=str.strip),
    Behaviour("names in capitals", can_prove=False, named=str.upper),
    Behaviour("names with longer dashes", can_prove=False, named=lambda name: name.replace("-", "–")),
    Behaviour("names without dashes", can_prove=False, named=lambda name: name.replace("-", "")),
    Behaviour("names dropped", can_prove=False, named=lambda name: ""),
    Behaviour("dates years off", shown=dated("Tue, 24 Jun 2014 07:01:57 GMT")),
    Behaviour("dates ahead", shown=dated("Tue, 24 Jun 2064 07:01:57 GMT")),
    Behaviour("dates missing", shown=without_dates),
    Behaviour("answers about another video", answers_another=0.3),
    Behaviour("new ids invalid for a while", unknown_for=45.0),
)


def draw(seed: int, number: int) -> list[Behaviour]:
    """One behaviour for each of so many keys. The first is always as documented, so that proofs happen."""
    return [AS_DOCUMENTED, *random.Random(f"behaviours {seed}").sample(TABLE, number - 1)]
