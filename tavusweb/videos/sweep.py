"""The sweep: one loop that sends what waits, looks at what is due and settles what is unsure.

It runs inside a django-q2 worker for a while, holds a lease so that only one runs, and hands over to the next.
Every video and every key is claimed in the database first, so that even two sweeps do nothing twice. Each key has
one conversation at a time: a slow or refused key delays nobody else.
"""

import asyncio
import logging
import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import httpx
from asgiref.sync import async_to_sync
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.tavus import transport

from . import sync
from .conversation import LONGEST, Conversation, in_thread
from .models import Lease, Video

log = logging.getLogger(__name__)

LEASE = "sweep"
LEASE_LASTS = timedelta(seconds=15)  # renewed with every round
ROUND_SECONDS = 0.5
AT_ONCE = 200  # videos claimed in one round
CONNECTIONS = 100
POLL_LEASE = timedelta(seconds=LONGEST + 15)


def run(
    *,
    seconds: float,
    patience: float = 0,
    stop: Callable[[], bool] = lambda: False,
    pool: httpx.AsyncBaseTransport | None = None,
) -> bool:
    """Sweep for `seconds` or until `stop()`; False when another process sweeps.

    `patience` is for how many seconds to wait for another's lease; `pool` the transport to use instead of a new one.
    """
    deadline = time.monotonic() + patience
    while (holder := Lease.take(LEASE, lasts=LEASE_LASTS)) is None:
        if time.monotonic() >= deadline or stop():
            return False
        time.sleep(0.5)
    try:
        async_to_sync(Sweep(holder, stop=stop, pool=pool).run)(seconds)
    finally:
        Lease.release(LEASE, holder)
    return True


class Sweep:
    def __init__(
        self, holder: str, *, stop: Callable[[], bool] = lambda: False, pool: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.holder = holder
        self.stop = stop
        self.pool = pool
        self.conversations: dict[UUID, asyncio.Task[None]] = {}

    async def run(self, seconds: float) -> None:
        """Go round until the time is over, `stop()` says so or the lease is lost; then finish what is under way."""
        is_own_pool = self.pool is None
        self.pool = self.pool or transport(CONNECTIONS)
        until = time.monotonic() + seconds
        try:
            while await in_thread(self._renew)():
                await self.round()
                if time.monotonic() >= until or self.stop():
                    break
                await asyncio.sleep(ROUND_SECONDS)
            await self.finish()
        finally:
            if is_own_pool:
                await self.pool.aclose()

    async def round(self) -> None:
        """Begin a conversation with every key that has something to do and is not being spoken with."""
        for conversation in await in_thread(self._claim)(set(self.conversations)):
            self.conversations[conversation.key.pk] = asyncio.create_task(self._hold(conversation))

    async def finish(self) -> None:
        while self.conversations:
            await asyncio.wait(self.conversations.values(), timeout=1)
            await in_thread(self._renew)()

    async def _hold(self, conversation: Conversation) -> None:
        """A conversation that breaks is reported and ends alone; leases give its videos back."""
        try:
            await conversation.hold()
        except Exception:
            log.exception("The conversation with API key %s broke", conversation.key.pk)
        finally:
            del self.conversations[conversation.key.pk]

    def _renew(self) -> bool:
        return Lease.renew(LEASE, self.holder, lasts=LEASE_LASTS)

    def _claim(self, busy: set[UUID]) -> list[Conversation]:
        """Everything that may be done now, by key, without the keys in `busy`."""
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        now = timezone.now()
        for video in Video.objects.orphaned(now)[:AT_ONCE]:
            sync.recover(video)
        waiting = _by_key(self._sendable(busy))
        due = _by_key(self._claim_due(busy))
        looks = {key.pk for key in APIKey.objects.due(now).exclude(pk__in=busy) if key.claim_look()}
        keys = APIKey.objects.in_bulk(waiting.keys() | due.keys() | looks)
        assert self.pool  # noqa: S101 - set by run
        return [
            Conversation(key, self.pool, waiting=waiting[pk], due=due[pk], wants_look=pk in looks)
            for pk, key in keys.items()
        ]

    def _sendable(self, busy: set[UUID]) -> list[Video]:
        """Videos that may be sent. Not claimed yet: each is, just before its POST."""
        now = timezone.now()
        may_send = Q(api_key__submissions_wait_until=None) | Q(api_key__submissions_wait_until__lte=now)
        return list(
            Video.objects.waiting_to_go(now)
            .filter(may_send, api_key__is_enabled=True, api_key__retired_at=None)
            .exclude(api_key_id__in=busy)
            .select_related("audio")
            .order_by("next_attempt_at")[:AT_ONCE]
        )

    def _claim_due(self, busy: set[UUID]) -> list[Video]:
        now, lease = timezone.now(), secrets.token_hex(8)
        may_poll = Q(api_key__polls_wait_until=None) | Q(api_key__polls_wait_until__lte=now)
        due = Video.objects.due(now).filter(may_poll, api_key__is_enabled=True, api_key__retired_at=None)
        ids = list(due.exclude(api_key_id__in=busy).order_by("next_poll_at").values_list("pk", flat=True)[:AT_ONCE])
        if not ids:
            return []
        Video.objects.due(now).filter(pk__in=ids).update(lease=lease, lease_until=now + POLL_LEASE)
        return list(Video.objects.filter(pk__in=ids, lease=lease).order_by("next_poll_at"))


def _by_key(videos: list[Video]) -> dict[UUID, list[Video]]:
    groups: dict[UUID, list[Video]] = defaultdict(list)
    for video in videos:
        if video.api_key_id:
            groups[video.api_key_id].append(video)
    return groups
