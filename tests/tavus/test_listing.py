"""Reading a list to its end in either numbering, and knowing what a reading is worth."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tavusweb.tavus import InvalidRequest, Page, RemoteVideo, Unclear, Unreachable, read_list
from tavusweb.tavus import listing as module
from tavusweb.tavus.listing import PAGES_AT_ONCE, PAGES_PAST_A_GAP, Reading

Fetch = Callable[[int], Awaitable[Page[RemoteVideo]]]


def items(ids: list[int]) -> tuple[RemoteVideo, ...]:
    return tuple(RemoteVideo(video_id=f"v{number}") for number in ids)


def listed(ids: list[int], *, size: int, first: int = 0, zero: str = "refused") -> tuple[Fetch, list[int]]:
    """A list of that many to a page, and the numbers of the pages that were asked for."""
    asked: list[int] = []

    async def fetch(number: int) -> Page[RemoteVideo]:
        asked.append(number)
        if number < first:
            if zero == "refused":
                raise InvalidRequest("page must be at least 1", status_code=400)
            number = first if zero == "repeated" else 10**6
        start = (number - first) * size
        return Page(items(ids[start : start + size]), len(ids), number)

    return fetch, asked


def read(fetch: Fetch, **options: object) -> tuple[Reading[RemoteVideo], list[str]]:
    seen: list[str] = []
    reading = asyncio.run(
        read_list(fetch, take=lambda fresh: seen.extend(item.video_id for item in fresh), **options)  # type: ignore[arg-type]
    )
    return reading, seen


@pytest.mark.thorough
@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 10_000), unique=True, max_size=120),
    st.integers(1, 30),
    st.sampled_from([(0, ""), (1, "refused"), (1, "repeated"), (1, "empty")]),
)
def test_correct_list_is_read_completely_in_any_order_and_numbering(
    ids: list[int], size: int, numbering: tuple[int, str]
) -> None:
    first, zero = numbering
    fetch, asked = listed(ids, size=size, first=first, zero=zero)

    reading, seen = read(fetch)

    assert reading.is_whole
    assert sorted(seen) == sorted(f"v{number}" for number in ids)
    assert len(asked) <= -(-len(ids) // size) + PAGES_AT_ONCE + 3
    assert len(asked) == len(set(asked))


@pytest.mark.thorough
@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 9), max_size=4), st.sampled_from([None, *range(12)]), st.integers(0, 1))
    ),
)
def test_reading_is_complete_only_if_it_saw_the_total_of_every_page(
    pages: list[tuple[list[int], int | None, int]],
) -> None:
    async def fetch(number: int) -> Page[RemoteVideo]:
        ids, total, skipped = pages[number] if number < len(pages) else ([], pages[-1][1] if pages else 0, 0)
        return Page(items(ids), total, number, skipped=skipped)

    reading, seen = read(fetch)

    assert len(seen) == len(set(seen)) == len(reading.ids)
    if reading.is_whole:
        assert set(reading.totals) == {len(seen)}
        assert not reading.skipped


def test_reading_stops_as_soon_as_is_enough_is_true() -> None:
    fetch, asked = listed(list(range(500)), size=10)
    taken: list[str] = []

    asyncio.run(
        read_list(
            fetch,
            take=lambda fresh: taken.extend(item.video_id for item in fresh),
            is_enough=lambda: "v3" in taken,
        )
    )

    assert asked == [0]


def test_reading_limited_to_some_pages_is_not_complete() -> None:
    fetch, asked = listed(list(range(500)), size=10)

    reading, seen = read(fetch, pages=5)

    assert sorted(asked) == [0, 1, 2, 3, 4]
    assert len(seen) == 50
    assert not reading.is_whole


def test_endless_list_is_abandoned_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_LIST", 300)
    asked = 0

    async def fetch(number: int) -> Page[RemoteVideo]:
        nonlocal asked
        asked += 1
        return Page(items(list(range(number * 10, number * 10 + 10))), None, number)

    reading, _ = read(fetch)

    assert reading.is_too_long
    assert not reading.is_whole
    assert asked < 300 // 10 + PAGES_AT_ONCE + 2


def test_list_that_repeats_one_page_ends() -> None:
    asked = 0

    async def fetch(number: int) -> Page[RemoteVideo]:
        nonlocal asked
        asked += 1
        return Page(items([1, 2, 3]), 50, number)

    reading, _ = read(fetch)

    assert not reading.is_whole
    assert asked <= 2 + PAGES_AT_ONCE * (PAGES_PAST_A_GAP + 1)


def test_lost_pages_are_retried_and_refusals_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_PAUSE", 0)
    ids = list(range(25))
    fetch, _ = listed(ids, size=10)
    lost = {1: 3}

    async def flaky(number: int) -> Page[RemoteVideo]:
        if lost.get(number, 0):
            lost[number] -= 1
            raise Unclear("reset")
        if number > 2:
            raise InvalidRequest("no such page", status_code=400)
        return await fetch(number)

    reading, seen = read(flaky)

    assert len(seen) == 25
    assert reading.is_refused
    assert not reading.is_whole


def test_lost_page_is_not_retried_once_is_enough_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_PAUSE", 0)
    asked: list[int] = []

    async def fetch(number: int) -> Page[RemoteVideo]:
        asked.append(number)
        raise Unclear("reset")

    with pytest.raises(Unclear):
        asyncio.run(read_list(fetch, take=lambda fresh: None, is_enough=lambda: bool(asked)))

    assert asked == [0]


def test_unreachable_provider_is_reported_to_the_caller() -> None:
    async def fetch(number: int) -> Page[RemoteVideo]:
        raise Unreachable(str(httpx.ConnectError("refused")))

    with pytest.raises(Unreachable):
        read(fetch)
