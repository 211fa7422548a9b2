from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync

from tavusweb.videos.sweep import Sweep
from tests.fake_tavus import FakeTavus


@pytest.fixture
def sweep(tavus: FakeTavus) -> Callable[[], None]:
    """One round of the sweep over the in-memory Tavus, to its end."""

    async def once() -> None:
        sweep = Sweep("test", pool=tavus.transport)
        await sweep.round()
        await sweep.finish()

    return async_to_sync(once)
