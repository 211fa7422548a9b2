"""What runs in django-q2's workers. Ids travel through the queue, never objects or secrets."""

import asyncio
from uuid import UUID

from django.core.management import call_command
from django.db import transaction
from django_q.tasks import async_task

from tavusweb.launch.stopping import is_stopping
from tavusweb.sealing import CannotOpen
from tavusweb.tavus import RemoteVideo

from . import housekeeping, sweep, sync
from .models import Video

SWEEP_SECONDS = 50  # under the cluster's time limit for a task, with what a conversation may still need


def submit(video_id: str) -> None:
    """Send one video now, if it still waits and its key may send. The sweep does the same a little later."""
    video = Video.objects.select_related("api_key", "audio").filter(pk=UUID(video_id)).first()
    if video is None or video.api_key is None or not video.is_waiting or not video.api_key.may_send_now:
        return

    try:
        tavus = video.api_key.connect()
    except CannotOpen:
        return  # the sweep records it

    async def send() -> RemoteVideo | Exception:
        async with tavus:
            return await sync.send(video, tavus)

    if video.claim():
        sync.record_submission(video, asyncio.run(send()))


def submit_later(video: Video) -> None:
    """Have a worker send this video as soon as the transaction is committed."""
    transaction.on_commit(lambda: async_task(submit, str(video.pk), save=False))


def sweep_now(patience: float = 0) -> None:
    """Sweep for a while, then hand over to the next sweep."""
    if sweep.run(seconds=SWEEP_SECONDS, patience=patience, stop=is_stopping) and not is_stopping():
        sweep_later()


def sweep_later(patience: float = 0) -> None:
    async_task(sweep_now, patience, save=False)


def tidy() -> None:
    """Remove recordings that no video refers to, uploads that broke off, and sessions that have ended."""
    housekeeping.remove_orphaned_audio()
    housekeeping.remove_broken_uploads()
    call_command("clearsessions")
