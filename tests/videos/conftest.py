from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync

from tavusweb.videos.sweep import Sweep
from tests.fake_tavus import FakeTavus


@pytest.fixture
def sweep_over() -> Callable[[FakeTavus], None]:
    """One round of the sweep over an in-memory Tavus, to its end."""

    async def once(tavus: FakeTavus) -> None:
        sweep = Sweep("test", pool=tavus.transport)
        await sweep.round()
        await sweep.finish()

    return async_to_sync(once)


@pytest.fixture
def sweep(tavus: FakeTavus, sweep_over: Callable[[FakeTavus], None]) -> Callable[[], None]:
    """The same over the test's own Tavus."""
    return lambda: sweep_over(tavus)
