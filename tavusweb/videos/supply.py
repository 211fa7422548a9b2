import asyncio
from collections import deque
from collections.abc import Callable, Iterable

from .models import Video
from .threads import in_thread


class Supply:
    """The videos to ask for. Who finds few left claims more, while the others go on with what there is.

    `claim` takes up to `most`; fewer are the last ones.
    """

    def __init__(
        self, videos: Iterable[Video] = (), *, claim: Callable[[], list[Video]] | None = None, most: int = 0
    ) -> None:
        self.videos = deque(videos)
        self.claim = claim
        self.most = most
        self.claiming = asyncio.Lock()

    async def next(self) -> Video | None:
        if not self.videos or (len(self.videos) < self.most // 2 and not self.claiming.locked()):
            async with self.claiming:
                await self._top_up()
        return self.videos.popleft() if self.videos else None

    async def _top_up(self) -> None:
        if self.claim is None or len(self.videos) >= self.most // 2:
            return
        claimed = await in_thread(self.claim)()
        self.videos.extend(claimed)
        if len(claimed) < self.most:
            self.claim = None
