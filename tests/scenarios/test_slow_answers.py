"""One slow answer of Tavus holds up its own video and nothing else."""

import asyncio
from typing import Any

import httpx
import pytest

from tavusweb.engine import sweep
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.fake_tavus import FakeTavus


class FirstIsSlow:
    """The first submission is answered only when everything else has been."""

    def __init__(self, tavus: FakeTavus, *, answered: int) -> None:
        self.tavus = tavus
        self.answered = answered
        self.everything_else = asyncio.Event()
        self.is_first = True

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        is_slow = self.is_first and request.method == "POST"
        if is_slow:
            self.is_first = False
            await asyncio.wait_for(self.everything_else.wait(), timeout=10)
        answer = self.tavus.answer(request)
        if len(self.tavus.sent("POST")) >= self.answered and self.tavus.sent("GET", "/v2/videos/"):
            self.everything_else.set()
        return answer


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_slow_submission_delays_neither_other_submissions_nor_polls(
    tavus: FakeTavus, key: APIKey, make_video: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "ROUND_SECONDS", 0.01)
    APIKey.objects.filter(pk=key.pk).update(requests_at_once=2)
    for number in range(6):
        make_video(title=f"Video {number}")
    slow = FirstIsSlow(tavus, answered=5)

    sweep.run(seconds=10, stop=lambda: len(tavus.videos) == 6, pool=httpx.MockTransport(slow))

    assert slow.everything_else.is_set()
    assert set(Video.objects.values_list("status", flat=True)) == {Status.QUEUED}
    assert len(tavus.sent("POST")) == 6
