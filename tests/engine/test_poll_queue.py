"""Videos to ask for, claimed ahead of the requests and never twice at once."""

import asyncio

from asgiref.sync import async_to_sync

from tavusweb.engine.poller import PollQueue
from tavusweb.videos.models import Video


class Claims:
    """Hands out so many videos, a few at a time, and remembers how often it was asked."""

    def __init__(self, number: int, limit: int) -> None:
        self.left = [Video(title=str(each)) for each in range(number)]
        self.limit = limit
        self.asked = 0

    def __call__(self) -> list[Video]:
        self.asked += 1
        some, self.left = self.left[: self.limit], self.left[self.limit :]
        return some


def taken(queue: PollQueue, *, at_once: int) -> list[str]:
    titles: list[str] = []

    async def work() -> None:
        while video := await queue.next():
            titles.append(video.title)
            await asyncio.sleep(0)

    async def main() -> None:
        await asyncio.gather(*(work() for _ in range(at_once)))

    async_to_sync(main)()
    return titles


def test_every_claimed_video_is_polled_once() -> None:
    claims = Claims(100, limit=24)

    titles = taken(PollQueue(claim=claims, limit=24), at_once=8)

    assert sorted(titles, key=int) == [str(each) for each in range(100)]
    assert claims.asked == 5


def test_short_claim_is_the_last() -> None:
    claims = Claims(10, limit=24)

    titles = taken(PollQueue(claim=claims, limit=24), at_once=8)

    assert (len(titles), claims.asked) == (10, 1)


def test_given_list_is_complete() -> None:
    assert taken(PollQueue([Video(title="a"), Video(title="b")]), at_once=8) == ["a", "b"]
    assert taken(PollQueue(), at_once=8) == []
