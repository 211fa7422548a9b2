"""What there is to say to Tavus with one key: submissions, searches, polls, and the reading of its replicas."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
from django.db.models import QuerySet
from django.utils import timezone

from tavusweb.keys import sync as key_sync
from tavusweb.keys.models import APIKey
from tavusweb.sealing import CannotOpen
from tavusweb.tavus import TavusError
from tavusweb.videos.models import RemoteCopy, Video
from tavusweb.videos.models.status import Status

from . import claims, copies, fairness, reconcile, submit
from .db import in_thread
from .poller import KeyPoller
from .quarantine import set_aside
from .submit import POST_SECONDS

LONGEST = 30.0  # seconds after which a conversation begins nothing new
SEND_EVERY = 0.5  # seconds between two looks for new videos, and after one that Tavus did not take
UNSURE_AT_ONCE = 100  # videos looked up in one reading of the list
COPIES_AT_ONCE = 10


class KeyWorker:
    """One key's turn. Holds its limits: so many requests at once, and silence as soon as the key is in trouble.

    A key that was in trouble before is probed with one request; the rest follows only if Tavus took that.
    The submissions under way are in `sending`: they may outlive the conversation, so that a slow one delays nothing.
    """

    def __init__(
        self, key: APIKey, pool: httpx.AsyncBaseTransport, *, sending: set[asyncio.Task[None]], may_list: bool = True
    ) -> None:
        self.key = key
        self.sending = sending
        self.pool = pool
        self.may_list = may_list
        self.until = time.monotonic() + LONGEST
        self.connected_with = key.sealed
        self.is_stopped = False
        self.rests_until = 0.0

    async def run(self) -> None:
        try:
            self.sender = self.key.connect(transport=self.pool, timeout=POST_SECONDS)
            self.tavus = self.key.connect(transport=self.pool, timeout=claims.HELD_FOR.total_seconds())
        except CannotOpen as error:
            await in_thread(key_sync.record_refresh_error)(self.key, error)
            return
        if self.key.is_silenced or self.key.replicas_refresh_at <= timezone.now():
            await self._look()
        while True:
            await self._listen_and_send()
            if self.is_over or not self.sending:
                return
            await asyncio.wait(self.sending, timeout=SEND_EVERY, return_when=asyncio.FIRST_COMPLETED)

    def stop(self) -> None:
        """Begin nothing more."""
        self.is_stopped = True

    @property
    def is_over(self) -> bool:
        return self.is_stopped or self.key.is_silenced or time.monotonic() >= self.until

    async def _look(self) -> None:
        """Read the replicas. It is also how a key in trouble is probed."""
        began_at = timezone.now()
        if not await in_thread(self.key.claim_refresh)():
            return
        try:
            remotes = await key_sync.fetch_replicas(self.key, self.pool)
        except (TavusError, CannotOpen) as error:
            await in_thread(key_sync.record_refresh_error)(self.key, error)
        else:
            await in_thread(key_sync.record_replicas)(self.key, remotes)
            await in_thread(self.key.record_success)(asked_at=began_at)

    async def _listen_and_send(self) -> None:
        """Follow what is due, once, and send meanwhile."""
        polls = KeyPoller(self.key, self.tavus, may_list=self.may_list, is_over=lambda: self.is_over)
        listening: asyncio.Future[Any] = asyncio.gather(self._settle_unsure(), self._delete_copies(), polls.run())
        try:
            await self._send_waiting()
            while not listening.done():
                under_way: set[asyncio.Future[Any]] = {listening, *self.sending}
                await asyncio.wait(under_way, timeout=SEND_EVERY, return_when=asyncio.FIRST_COMPLETED)
                await self._send_waiting()
        finally:
            await listening

    async def _send_waiting(self) -> None:
        """Begin as many submissions as there is room for, unless Tavus has just not taken one."""
        await in_thread(self._refresh)()
        if not self._may_send or time.monotonic() < self.rests_until:
            return
        # While there may be no credits, one video asks whether there are.
        most = 1 if self.key.has_trouble else self.key.requests_at_once
        room = most - len(self.sending)
        for video in await in_thread(fairness.next_to_send)(self.key, timezone.now(), most=room):
            video.api_key = self.key
            if await in_thread(self._claim)(video):
                task = asyncio.create_task(self._send(video))
                self.sending.add(task)
                task.add_done_callback(self.sending.discard)

    def _refresh(self) -> None:
        """Hear what others know of the key: told to slow down, frozen, replaced, after which our clients are outdated."""
        self.key.refresh_from_db()
        self.is_stopped |= self.key.sealed != self.connected_with

    @property
    def _may_send(self) -> bool:
        return not self.is_over and self.key.may_send_now

    def _claim(self, video: Video) -> bool:
        """Asked in the thread that records the answers: one that has just come may have stopped the key."""
        return self._may_send and video.claim()

    async def _send(self, video: Video) -> None:
        answer = await submit.send(video, self.sender)
        await self._record(video, submit.record_submission, answer)
        if video.status != Status.QUEUED:
            self.rests_until = time.monotonic() + SEND_EVERY

    async def _settle_unsure(self) -> None:
        if self.is_over:
            return
        sought = await in_thread(self._claim_sought)()
        if not sought:
            return
        witnesses = await in_thread(reconcile.Witnesses.of)(self.key)
        try:
            found = await reconcile.search(sought, self.tavus, witnesses, is_over=lambda: self.is_over)
        except TavusError as error:
            for video in sought:
                await self._record(video, reconcile.record_failed_search, error)
        else:
            for video in sought:
                await self._record(video, reconcile.record_search, found[video.pk])

    def _claim_sought(self) -> list[Video]:
        """The unsure videos whose search is due, and those of which a late copy may have turned up."""
        now = timezone.now()
        due: QuerySet[Video] = Video.objects.due(now).filter(api_key=self.key, status=Status.UNSURE)
        unsure = claims.claim(due, self.key, now, most=UNSURE_AT_ONCE, columns=claims.SEARCHED)
        return unsure + claims.claim_rechecks(self.key, now, most=UNSURE_AT_ONCE - len(unsure))

    async def _delete_copies(self) -> None:
        """Delete the extra copies that somebody wants gone."""
        if self.is_over:
            return
        for copy in await in_thread(self._copies)():
            await in_thread(copies.record_copy_deletion)(copy, await copies.delete_copy(copy, self.tavus))

    def _copies(self) -> list[RemoteCopy]:
        return list(claims.copies_to_delete(timezone.now(), self.key.pk)[:COPIES_AT_ONCE])

    async def _record(self, video: Video, write: Callable[[Video, Any], object], answer: Any) -> None:
        """Write down what came of one video. A row that breaks us is set aside, and the rest goes on."""
        try:
            await in_thread(write)(video, answer)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop the others
            await in_thread(set_aside)(video, error)
