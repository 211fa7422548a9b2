"""The sweep: one loop that submits what waits, polls what is due and reconciles what is unsure.

It runs inside a django-q2 worker for a while, holds a lease so that only one runs, and hands over to the next.
Every video and every key is claimed in the database first, so that even two sweeps do nothing twice. Each key has
one KeyWorker at a time, so a slow or refused key delays no other.
"""

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import httpx
from asgiref.sync import async_to_sync
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from tavusweb.tavus import new_transport
from tavusweb.videos.models import Video

from . import claims, reconcile, stuck, submit
from .db import in_thread
from .key_worker import KeyWorker
from .models import Lease

log = logging.getLogger(__name__)

LEASE = "sweep"
LEASE_LASTS = timedelta(seconds=15)  # renewed with every round
ROUND_SECONDS = 0.5
CONNECTIONS = 100
ORPHANS_AT_ONCE = 100
LATENESS_EVERY = 20  # rounds


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
        with contextlib.suppress(DatabaseError):  # it ends on its own
            Lease.release(LEASE, holder)
    return True


class Sweep:
    def __init__(
        self,
        holder: str,
        *,
        stop: Callable[[], bool] = lambda: False,
        pool: httpx.AsyncBaseTransport | None = None,
        may_list: bool = True,
    ) -> None:
        self.holder = holder
        self.stop = stop
        self.pool = pool
        self.may_list = may_list
        self.rounds = 0
        self.is_cut_off = False  # from the database
        self.workers: dict[UUID, KeyWorker] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.sending: defaultdict[UUID, set[asyncio.Task[None]]] = defaultdict(set)  # submissions by key

    async def run(self, seconds: float) -> None:
        """Loop until the time is over, `stop()` is true or the lease is lost; then finish what is under way."""
        is_own_pool = self.pool is None
        self.pool = self.pool or new_transport(CONNECTIONS)
        until = time.monotonic() + seconds
        try:
            while await self._try_round():
                if time.monotonic() >= until or self.stop():
                    break
                await asyncio.sleep(ROUND_SECONDS)
            for worker in self.workers.values():
                worker.stop()
            await self.finish()
        finally:
            if is_own_pool:
                await self.pool.aclose()

    async def _try_round(self) -> bool:
        """Run one round, unless the lease is lost. If the database is unavailable, wait for it."""
        try:
            if not await in_thread(self._renew)():
                return False
            await self.round()
        except DatabaseError as error:
            if not self.is_cut_off:
                log.warning("The sweep waits for the database: %s", error)
            self.is_cut_off = True
        else:
            self.is_cut_off = False
        return True

    async def round(self) -> None:
        """Start a worker for every key with work to do and no worker yet."""
        self.tasks = {task for task in self.tasks if not task.done()}
        if self.rounds % LATENESS_EVERY == 0:
            await in_thread(stuck.mark)()
            await in_thread(reconcile.ask_about_overdue)()
        self.rounds += 1
        for worker in await in_thread(self._new_workers)():
            self.workers[worker.key.pk] = worker
            self.tasks.add(asyncio.create_task(self._run_worker(worker)))

    async def finish(self) -> None:
        """Wait for the requests that are under way."""
        while under_way := self.tasks.union(*self.sending.values()):
            _, self.tasks = await asyncio.wait(under_way, timeout=1)
            with contextlib.suppress(DatabaseError):
                await in_thread(self._renew)()

    async def _run_worker(self, worker: KeyWorker) -> None:
        """Run one worker. If it raises, that is logged and only this worker ends; its leases release the videos."""
        try:
            await worker.run()
        except Exception:
            log.exception("The worker of API key %s broke", worker.key.pk)
        finally:
            del self.workers[worker.key.pk]

    def _renew(self) -> bool:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return Lease.renew(LEASE, self.holder, lasts=LEASE_LASTS)

    def _new_workers(self) -> list[KeyWorker]:
        """Create workers for the keys with work to do and no worker yet."""
        now = timezone.now()
        for video in Video.objects.orphaned(now)[:ORPHANS_AT_ONCE]:
            submit.recover(video)
        if self.pool is None:
            raise RuntimeError("a sweep needs a pool of connections")
        keys = claims.keys_with_work(now).exclude(pk__in=list(self.workers))
        return [KeyWorker(key, self.pool, sending=self.sending[key.pk], may_list=self.may_list) for key in keys]
