"""What the provider says when a video has ended: once, twice, late, never, or as nonsense."""

import asyncio
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.chaos.account import Video
from tests.chaos.faults import Mix

TWICE = NEVER = NONSENSE = LATE = EARLY = 0.15
LATE_BY = (3.0, 8.0)  # seconds
BODIES = (b"{", b"", b"\xff\xfe\x00", b'"ready"', b"[" * 5000, b'{"status": "ready"}' + b" " * 70_000)


class Callbacks:
    """`to` is where they really go: the public name of the site leads nowhere from here."""

    def __init__(self, mix: Mix, to: str, log: Callable[..., None]) -> None:
        self.mix = mix
        self.to = to
        self.log = log

    async def follow(self, video: Video) -> None:
        happens = self.mix.happens
        if happens(EARLY):
            await self._send(video, "early")
        await asyncio.sleep(max(0.0, video.ends_at - time.time()))
        if happens(NEVER):
            self.log("callback", how="never")
            return
        how = "in time"
        if happens(LATE):
            how = "late"
            await asyncio.sleep(self.mix.random.uniform(*LATE_BY))
        if happens(NONSENSE):
            await self._send(video, "nonsense", self.mix.random.choice(BODIES))
        await self._send(video, how)
        if happens(TWICE):
            await self._send(video, "again")

    async def _send(self, video: Video, how: str, body: bytes | None = None) -> None:
        content: dict[str, Any] = {"json": video.to_json(time.time())} if body is None else {"content": body}
        try:
            async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
                answer = await client.post(self.to + urlsplit(video.callback_url).path, **content)
            self.log("callback", how=how, status=answer.status_code)
        except httpx.HTTPError as error:
            self.log("callback", how=how, status=0, error=type(error).__name__)
