"""A list that is being read keeps the rest that Tavus asks for."""

import asyncio
from dataclasses import dataclass

import pytest

from tavusweb.tavus import Page, RateLimited, Unclear, read_list
from tavusweb.tavus.listing import PAGE_PAUSE, PAGE_TRIES


@dataclass(frozen=True)
class Item:
    identity: str


def test_rate_limited_page_stops_the_pages_beside_it() -> None:
    asked: list[int] = []

    async def fetch(number: int) -> Page[Item]:
        asked.append(number)
        if number < 2:
            return Page((Item(f"v{number}"),), 50, number)
        if number == 2:
            await asyncio.sleep(PAGE_PAUSE / 2)
            raise RateLimited("Too many requests", status_code=429)
        raise Unclear("lost")

    async def read_and_wait() -> int:
        with pytest.raises(RateLimited):
            await read_list(fetch, take=lambda items: None)
        before = len(asked)
        await asyncio.sleep(PAGE_PAUSE * PAGE_TRIES)
        return len(asked) - before

    assert asyncio.run(read_and_wait()) == 0
