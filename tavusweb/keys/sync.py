"""Where an API key meets Tavus: its check, and the reading of its replicas."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import httpx
from django.db import transaction
from django.utils import timezone

from tavusweb.sealing import CannotOpen
from tavusweb.tavus import (
    NotAllowed,
    NotRecognised,
    OutOfCredits,
    RateLimited,
    RemoteReplica,
    TavusError,
)

from .health import Health
from .issued import allow_trial
from .models import LOOK_EVERY, APIKey, Replica, digest_of

CHECK_SECONDS = 10.0  # how long a person waits for "check this key"
PAGE = 100  # replicas asked for at once; Tavus may give fewer
MOST_PAGES = 1000  # a list that never ends is not read for ever


@dataclass(frozen=True)
class Answer:
    health: Health
    detail: str = ""
    retry_after: float | None = None


def health_of(error: TavusError) -> Health:
    """What an error from Tavus says about the key that it was asked with."""
    match error:
        case NotRecognised():
            return Health.NOT_RECOGNISED
        case NotAllowed():
            return Health.NOT_ALLOWED
        case OutOfCredits():
            return Health.OUT_OF_CREDITS
        case RateLimited():
            return Health.RATE_LIMITED
        case _:
            return Health.UNREACHABLE


def check(key: APIKey, *, secret: str = "") -> Answer:
    """Ask Tavus whether it accepts this key, or another secret. Waits `CHECK_SECONDS` at most; writes no row."""
    if key.is_sandbox and (secret or key._state.adding):
        allow_trial(digest_of(secret) if secret else key.sandbox_digest)

    async def ask() -> None:
        async with asyncio.timeout(CHECK_SECONDS):
            async with key.connect(timeout=CHECK_SECONDS, secret=secret) as tavus:
                await tavus.list_replicas(limit=1)

    try:
        _run(ask())
    except CannotOpen as error:
        return Answer(Health.UNREADABLE, str(error))
    except TimeoutError:
        return Answer(Health.UNREACHABLE, "Tavus did not answer in time.")
    except TavusError as error:
        return Answer(health_of(error), error.message, error.retry_after)
    return Answer(Health.WORKS)


def _run(asking: Coroutine[Any, Any, None]) -> None:
    """As asyncio.run, but without its wait for threads: one may hang for long in looking up the server's name."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(asking)
    finally:
        loop.close()


async def fetch_replicas(key: APIKey, transport: httpx.AsyncBaseTransport | None = None) -> list[RemoteReplica]:
    """All replicas of a key, page after page to the end whatever size Tavus gives its pages.

    Raises TavusError, or CannotOpen.
    """
    found: dict[str, RemoteReplica] = {}
    async with key.connect(transport=transport) as tavus:
        for number in range(1, MOST_PAGES + 1):
            page = await tavus.list_replicas(page=number, limit=PAGE)
            fresh = [remote for remote in page.items if remote.replica_id not in found]
            found.update({remote.replica_id: remote for remote in fresh})
            if not fresh or (page.total is not None and len(found) >= page.total):
                break
    return list(found.values())


def record_replicas(key: APIKey, remotes: list[RemoteReplica]) -> None:
    """Make the cached replicas of a key those that Tavus listed."""
    now = timezone.now()
    rows = [
        Replica(
            api_key=key,
            replica_id=remote.replica_id[:200],
            name=remote.name[:200],
            kind=remote.kind if remote.kind in {"user", "system"} else "",
            status=remote.status[:30],
            training_progress=remote.training_progress,
            thumbnail_url=remote.thumbnail_url,
            image_url=remote.thumbnail_image_url,
            error_message=remote.error_message[:500],
            is_usable=remote.is_usable,
            seen_at=now,
        )
        for remote in remotes
    ]
    with transaction.atomic():
        Replica.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["api_key", "replica_id"],
            update_fields=[
                "name",
                "kind",
                "status",
                "training_progress",
                "thumbnail_url",
                "image_url",
                "error_message",
                "is_usable",
                "seen_at",
            ],
        )
        key.replicas.filter(seen_at__lt=now).delete()
        APIKey.objects.filter(pk=key.pk).update(replicas_read_at=now, look_at=now + LOOK_EVERY)


def record_look_error(key: APIKey, error: Exception) -> None:
    """Note why a key's replicas could not be read."""
    if isinstance(error, CannotOpen):
        key.record_trouble(Health.UNREADABLE, str(error))
    elif isinstance(error, TavusError):
        key.record_trouble(health_of(error), error.message, wait=error.retry_after)
    else:
        raise error
