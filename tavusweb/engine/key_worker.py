"""All requests to Tavus with one key: submissions, searches, polls and the list of replicas."""

import asyncio
import time
from typing import Any

import httpx
from django.db.models import QuerySet
from django.utils import timezone

from tavusweb.keys import sync as key_sync
from tavusweb.keys.models import APIKey
from tavusweb.sealing import CannotOpen
from tavusweb.tavus import Tavus, TavusError
from tavusweb.videos.models import RemoteCopy, Video
from tavusweb.videos.models.status import Status

from . import claims, copies, marks, reconcile, search
from .db import in_thread
from .poller import KeyPoller
from .quarantine import record_safely
from .submit import POST_SECONDS, Submitter
from .witnesses import Witnesses

LONGEST = 30.0  # seconds after which a worker starts nothing new
SEND_EVERY = 0.5  # seconds between two searches for waiting videos
UNSURE_AT_ONCE = 100  # videos searched for in one reading of the list
COPIES_AT_ONCE = 10


class KeyWorker:
    """Work with one key for up to LONGEST seconds, within its limit of requests and only until it is in trouble.

    A key in trouble is probed with one request first; the others follow only if Tavus accepts it.
    The submissions under way are in `sending`. They may outlive the worker, so that a slow one delays nothing.
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

    async def run(self) -> None:
        try:
            sender = self._sender(self.key)
            self.tavus = self.key.connect(transport=self.pool, timeout=claims.HELD_FOR.total_seconds())
        except CannotOpen as error:
            await in_thread(key_sync.record_refresh_error)(self.key, error)
            return
        self.submitter = Submitter(
            self.key, sender, connect=self._sender, under_way=self.sending, is_over=lambda: self.is_over
        )
        if self.key.is_silenced or self.key.replicas_refresh_at <= timezone.now():
            await self._refresh_replicas()
        while True:
            await self._poll_and_send()
            if self.is_over or not self.sending:
                return
            await asyncio.wait(self.sending, timeout=SEND_EVERY, return_when=asyncio.FIRST_COMPLETED)

    def _sender(self, key: APIKey) -> Tavus:
        return key.connect(transport=self.pool, timeout=POST_SECONDS)

    def stop(self) -> None:
        """Start nothing more."""
        self.is_stopped = True

    @property
    def is_over(self) -> bool:
        return self.is_stopped or self.key.is_silenced or time.monotonic() >= self.until

    async def _refresh_replicas(self) -> None:
        """Read the key's replicas. This request also probes a key in trouble."""
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

    async def _poll_and_send(self) -> None:
        """Poll what is due once, and submit meanwhile."""
        polls = KeyPoller(self.key, self.tavus, may_list=self.may_list, is_over=lambda: self.is_over)
        polling: asyncio.Future[Any] = asyncio.gather(self._settle_unsure(), self._delete_copies(), polls.run())
        try:
            await self._send_waiting()
            while not polling.done():
                under_way: set[asyncio.Future[Any]] = {polling, *self.sending}
                await asyncio.wait(under_way, timeout=SEND_EVERY, return_when=asyncio.FIRST_COMPLETED)
                await self._send_waiting()
        finally:
            await polling

    async def _send_waiting(self) -> None:
        """Start as many submissions as there are free slots. A key in trouble probes with one."""
        await in_thread(self._refresh)()
        await self.submitter.start(1 if self.key.has_trouble else self.key.requests_at_once)

    def _refresh(self) -> None:
        """Reload the key: another process may have frozen, rested or replaced it. Our clients hold the old secret then."""
        self.key.refresh_from_db()
        self.is_stopped |= self.key.sealed != self.connected_with

    async def _settle_unsure(self) -> None:
        if self.is_over:
            return
        searched = await in_thread(self._claim_searched)()
        if not searched:
            return
        witnesses = await in_thread(Witnesses.of)(self.key)
        if witnesses.is_without_marks and any(video.is_unsure for video in searched):
            await marks.put_back(self.key, self.tavus)
        try:
            results = await search.search(searched, self.tavus, witnesses, is_over=lambda: self.is_over)
        except TavusError as error:
            for video in searched:
                await record_safely(reconcile.record_failed_search, video, error)
        else:
            for video in searched:
                await record_safely(reconcile.record_search, video, results[video.pk])

    def _claim_searched(self) -> list[Video]:
        """The unsure videos whose search is due, and those of which a late copy may have turned up."""
        now = timezone.now()
        due: QuerySet[Video] = Video.objects.due(now).filter(api_key=self.key, status=Status.UNSURE)
        unsure = claims.claim(due, self.key, now, limit=UNSURE_AT_ONCE, columns=claims.SEARCHED)
        return unsure + claims.claim_rechecks(self.key, now, limit=UNSURE_AT_ONCE - len(unsure))

    async def _delete_copies(self) -> None:
        """Delete the extra copies whose deletion was requested."""
        if self.is_over:
            return
        for copy in await in_thread(self._copies)():
            await in_thread(copies.record_copy_deletion)(copy, await copies.delete_copy(copy, self.tavus))

    def _copies(self) -> list[RemoteCopy]:
        return list(claims.copies_to_delete(timezone.now(), self.key.pk)[:COPIES_AT_ONCE])
