"""The tasks of django-q2's workers. Only ids go through the queue, never objects or secrets."""

import asyncio
import logging
import time
from uuid import UUID

from asgiref.sync import async_to_sync
from django_q.tasks import async_task

from tavusweb.keys.models import APIKey
from tavusweb.sealing import CannotOpen
from tavusweb.tavus import Tavus, new_transport

from . import submit, sweep
from .shutdown import is_stopping
from .submit import POST_SECONDS

SWEEP_SECONDS = 50  # below the cluster's time limit for a task, including the time for a worker to finish
HAND_OVER_WITHIN = 10  # seconds; after that the schedule of once a minute begins the next sweep

log = logging.getLogger(__name__)


def send_next(key_id: str) -> None:
    """Submit the next video of this key, if the key may send. The sweep submits the rest, and probes keys in trouble."""
    key = APIKey.objects.current().filter(pk=UUID(key_id)).first()
    if key is None or key.has_trouble:
        return
    async_to_sync(_submit_one)(key)


async def _submit_one(key: APIKey) -> None:
    async with new_transport() as transport:

        def connect(key: APIKey) -> Tavus:
            return key.connect(transport=transport, timeout=POST_SECONDS)

        try:
            tavus = connect(key)
        except CannotOpen:
            return  # the sweep records it
        under_way: set[asyncio.Task[None]] = set()
        await submit.Submitter(key, tavus, connect=connect, under_way=under_way).start(1)
        await asyncio.gather(*under_way)


def sweep_now(patience: float = 0) -> None:
    """Sweep for a while, then hand over to the next sweep."""
    if sweep.run(seconds=SWEEP_SECONDS, patience=patience, stop=is_stopping) and not is_stopping():
        sweep_later(trying_for=HAND_OVER_WITHIN)


def sweep_later(patience: float = 0, *, trying_for: float = 0) -> None:
    """Enqueue the next sweep. If the broker is unavailable, retry for that many seconds, then raise."""
    deadline = time.monotonic() + trying_for
    is_logged = False
    while True:
        try:
            async_task(sweep_now, patience, save=False)
        except Exception as error:
            if time.monotonic() >= deadline or is_stopping():
                raise
            if not is_logged:
                log.warning("The next sweep cannot be queued yet: %s", error)
            is_logged = True
            time.sleep(1)
        else:
            return
