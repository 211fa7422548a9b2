from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync

from tavusweb.engine.sweep import Sweep
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.naming import name_at_tavus
from tests.fake_tavus import FakeTavus


@pytest.fixture
def sweep_over() -> Callable[[FakeTavus], None]:
    """Run one complete sweep over an in-memory Tavus."""

    async def once(tavus: FakeTavus) -> None:
        sweep = Sweep("test", pool=tavus.transport)
        await sweep.round()
        await sweep.finish()

    return async_to_sync(once)


@pytest.fixture
def witness(make_video: Callable[..., Video], tavus: FakeTavus) -> Video:
    """Create a video known to be at Tavus, with which a reading of the key's list can be checked."""
    video = make_video(Status.READY, title="Known")
    remote = tavus.accept({"video_name": name_at_tavus(video.title, video.pk, video.attempt)})
    tavus.finish(remote["video_id"])
    Video.objects.filter(pk=video.pk).update(tavus_id=remote["video_id"])
    return video


@pytest.fixture
def sweep(tavus: FakeTavus, sweep_over: Callable[[FakeTavus], None]) -> Callable[[], None]:
    """Run one complete sweep over the test's own Tavus."""
    return lambda: sweep_over(tavus)
