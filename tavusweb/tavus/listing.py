"""Read a list of videos or replicas to the end, however it is paged."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from tavusweb.tavus.assumptions import FIRST_PAGE, LONGEST_LIST
from tavusweb.tavus.errors import InvalidRequest, Unclear
from tavusweb.tavus.records import Page

PAGES_AT_ONCE = 8  # each can take several hundred kilobytes
PAGE_TRIES, PAGE_PAUSE = 5, 0.2  # attempts at a page whose response is lost, and seconds between them
PAGES_PAST_A_GAP = 2  # pages read after one without anything new, while the list claims more items


class Listed(Protocol):
    """A list item, identified by its id."""

    @property
    def identity(self) -> str: ...


T = TypeVar("T", bound=Listed)


@dataclass
class Reading(Generic[T]):
    """One reading of a list: the ids seen, and how far they can be trusted.

    `ids` holds every id once. `skipped` counts unreadable items: any of them may be the one that is sought.
    """

    ids: set[str] = field(default_factory=set)
    totals: list[int | None] = field(default_factory=list)
    skipped: int = 0
    is_ended: bool = False  # a page contained nothing new
    has_gap: bool = False  # but a later one did
    is_refused: bool = False  # the provider refused further pages

    def add(self, page: Page[T]) -> list[T]:
        """Add a page; return the items that no earlier page contained."""
        self.totals.append(page.total)
        self.skipped += page.skipped
        fresh = {item.identity: item for item in page.items if item.identity not in self.ids}
        self.ids.update(fresh)
        if fresh:
            self.has_gap |= self.is_ended
        return list(fresh.values())

    @property
    def total(self) -> int | None:
        """The list's length according to the last page; None if it gave none."""
        return self.totals[-1] if self.totals else None

    @property
    def is_steady(self) -> bool:
        """Whether every page gave the same total, so nothing was added or removed during the reading."""
        return len(set(self.totals)) == 1

    @property
    def is_too_long(self) -> bool:
        return len(self.ids) > LONGEST_LIST or (self.total or 0) > LONGEST_LIST

    @property
    def is_whole(self) -> bool:
        """Whether as many items as the list claims were seen, in pages without gaps or unreadable items."""
        is_counted = self.total is not None and len(self.ids) == self.total
        is_unbroken = self.is_ended and not self.has_gap and not self.is_refused
        return is_unbroken and not self.skipped and self.is_steady and is_counted


async def read_list(
    fetch: Callable[[int], Awaitable[Page[T]]],
    *,
    take: Callable[[list[T]], object],
    is_enough: Callable[[], bool] = lambda: False,
    pages: int | None = None,
) -> Reading[T]:
    """Read a list in either numbering until a page contains nothing new; `take` gets each page's new items.

    `is_enough` stops the reading early and `pages` limits it; a stopped reading is not complete. Raises TavusError if
    a page cannot be read.
    """
    return await _Reader(fetch, take, is_enough, pages).run()


class _Reader(Generic[T]):
    def __init__(
        self,
        fetch: Callable[[int], Awaitable[Page[T]]],
        take: Callable[[list[T]], object],
        is_enough: Callable[[], bool],
        pages: int | None,
    ) -> None:
        self.fetch = fetch
        self.take = take
        self.is_enough = is_enough
        self.limit = pages
        self.reading: Reading[T] = Reading()
        self.number = FIRST_PAGE  # of the next page
        self.barren = 0  # consecutive pages with nothing new

    async def run(self) -> Reading[T]:
        first = await self._first()
        self._add(first, is_end=False)  # page 0 can be empty if numbering starts at 1
        try:
            await self._rest(first)
        except InvalidRequest:
            self.reading.is_refused = True
        return self.reading

    async def _rest(self, first: Page[T]) -> None:
        if self._goes_on():
            page = await self._page(self.number)
            is_repeated = bool(page.items) and _ids(page) == _ids(first)
            self._add(page, is_end=not is_repeated)
        while self._goes_on():
            ahead = range(self.number, self.number + self._pages_ahead(len(first.items)))
            for page in await self._pages(ahead):
                self._add(page)

    def _goes_on(self) -> bool:
        reading = self.reading
        if self.is_enough() or reading.is_too_long or len(reading.totals) >= (self.limit or math.inf):
            return False
        is_short = reading.total is not None and len(reading.ids) < reading.total
        return not self.barren or (is_short and self.barren <= PAGES_PAST_A_GAP)

    def _pages_ahead(self, size: int) -> int:
        """Return how many pages to fetch concurrently, from the total that the list gives."""
        missing = ((self.reading.total or 0) - len(self.reading.ids)) / max(size, 1)
        left = (self.limit or math.inf) - len(self.reading.totals)
        return int(max(1, min(PAGES_AT_ONCE, math.ceil(missing), left)))

    def _add(self, page: Page[T], *, is_end: bool = True) -> None:
        fresh = self.reading.add(page)
        self.number += 1
        self.barren = 0 if fresh or not is_end else self.barren + 1
        self.reading.is_ended = bool(self.barren)
        self.take(fresh)

    async def _first(self) -> Page[T]:
        """Fetch the first page. A refused page 0 means that numbering starts at 1."""
        try:
            return await self._page(self.number)
        except InvalidRequest:
            self.number += 1
            return await self._page(self.number)

    async def _pages(self, numbers: range) -> list[Page[T]]:
        """Fetch several pages concurrently. The first failure cancels the rest: none is retried while the key rests."""
        tasks = [asyncio.create_task(self._page(number)) for number in numbers]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def _page(self, number: int) -> Page[T]:
        """Fetch one page, retrying lost responses; otherwise long lists would hardly ever be read completely.

        No retry once `is_enough` is true: the key may be frozen or resting by then.
        """
        for _ in range(PAGE_TRIES - 1):
            try:
                return await self.fetch(number)
            except Unclear:
                await asyncio.sleep(PAGE_PAUSE)
                if self.is_enough():
                    raise
        return await self.fetch(number)


def _ids(page: Page[T]) -> set[str]:
    return {item.identity for item in page.items}
