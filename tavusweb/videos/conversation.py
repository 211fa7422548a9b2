"""What one round has to say to Tavus with one key: submissions, polls, and the reading of its replicas."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
from asgiref.sync import sync_to_async

from tavusweb.keys import sync as key_sync
from tavusweb.keys.models import APIKey
from tavusweb.sealing import CannotOpen
from tavusweb.tavus import Tavus, TavusError

from . import sync
from .models import Video

T = TypeVar("T")

PER_KEY = 8  # requests under way with one key
LONGEST = 30.0  # seconds after which a conversation begins nothing new


def in_thread(function: Callable[..., T]) -> Callable[..., Awaitable[T]]:
    """A database call for the loop: all of them take turns in one thread, on one connection."""
    return sync_to_async(function, thread_sensitive=True)


class Conversation:
    """Holds the key's limits: so many requests at once, for so long, and silence as soon as the key is in trouble.

    A key that was in trouble before is probed with a single video.
    """

    def __init__(
        self, key: APIKey, pool: httpx.AsyncBaseTransport, *, waiting: list[Video], due: list[Video], wants_look: bool
    ) -> None:
        self.key = key
        self.pool = pool
        self.waiting = waiting
        self.due = due
        self.wants_look = wants_look
        self.gate = asyncio.Semaphore(PER_KEY)
        self.until = time.monotonic() + LONGEST

    async def hold(self) -> None:
        for video in (*self.waiting, *self.due):
            video.api_key = self.key
        try:
            tavus = self.key.connect(transport=self.pool)
        except CannotOpen as error:
            await in_thread(self._record_unreadable)(error)
            return
        if self.wants_look:
            await self._look()
        elif self.key.has_trouble:
            await self._probe(tavus)
        if not self.key.has_trouble:
            sends = [self._send(video, tavus) for video in self.waiting]
            polls = [self._poll(video, tavus) for video in self.due]
            await asyncio.gather(*sends, *polls)
        await in_thread(self._give_back)()

    @property
    def is_over(self) -> bool:
        return self.key.has_trouble or time.monotonic() >= self.until

    async def _probe(self, tavus: Tavus) -> None:
        """Try one video; the others follow only if Tavus took it."""
        if self.due:
            await self._poll(self.due[0], tavus, is_probe=True)
        elif self.waiting:
            await self._send(self.waiting[0], tavus, is_probe=True)

    async def _send(self, video: Video, tavus: Tavus, *, is_probe: bool = False) -> None:
        async with self.gate:
            if (self.is_over and not is_probe) or not video.is_waiting or not await in_thread(video.claim)():
                return
            answer = await sync.send(video, tavus)
            await in_thread(sync.record_submission)(video, answer)

    async def _poll(self, video: Video, tavus: Tavus, *, is_probe: bool = False) -> None:
        async with self.gate:
            if (self.is_over and not is_probe) or video not in self.due:
                return
            answer = await sync.ask(video, tavus)
            self.due.remove(video)
            await in_thread(sync.record_exchange)(video, answer)

    async def _look(self) -> None:
        try:
            remotes = await key_sync.fetch_replicas(self.key, self.pool)
        except (TavusError, CannotOpen) as error:
            await in_thread(key_sync.record_look_error)(self.key, error)
        else:
            await in_thread(key_sync.record_replicas)(self.key, remotes)
            await in_thread(self.key.record_success)()

    def _record_unreadable(self, error: CannotOpen) -> None:
        key_sync.record_look_error(self.key, error)
        self._give_back()

    def _give_back(self) -> None:
        """Let go of the claimed videos that were not looked at."""
        for video in self.due:
            Video.objects.filter(pk=video.pk, lease=video.lease).update(lease_until=None)
