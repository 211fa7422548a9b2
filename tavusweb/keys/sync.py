"""Ask Tavus about an API key: check it, and list its replicas."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import httpx
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tavusweb.sealing import CannotOpen
from tavusweb.tavus import (
    NotAllowed,
    NotRecognised,
    OutOfCredits,
    Page,
    RateLimited,
    RemoteReplica,
    TavusError,
    read_list,
)
from tavusweb.tavus.assumptions import PAGE_SIZE
from tavusweb.text_policy import cut

from .health_states import Health
from .issued import allow_trial
from .models import REFRESH_EVERY, APIKey, Replica, digest_of

CHECK_SECONDS = 10.0  # how long a person waits for "check this key"


@dataclass(frozen=True)
class CheckResult:
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


def check(key: APIKey, *, secret: str = "") -> CheckResult:
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
        return CheckResult(Health.UNREADABLE, str(error))
    except TimeoutError:
        return CheckResult(Health.UNREACHABLE, _("Tavus did not answer in time."))
    except TavusError as error:
        return CheckResult(health_of(error), error.message, error.retry_after)
    return CheckResult(Health.WORKS)


def _run(asking: Coroutine[Any, Any, None]) -> None:
    """As asyncio.run, but without its wait for threads: one may hang for long in looking up the server's name."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(asking)
    finally:
        loop.close()


@dataclass(frozen=True)
class ReplicaList:
    """The replicas that Tavus listed. What is not in a list that is not whole may exist all the same."""

    replicas: list[RemoteReplica]
    is_whole: bool


async def fetch_replicas(key: APIKey, transport: httpx.AsyncBaseTransport | None = None) -> ReplicaList:
    """All replicas of a key, page after page to the end whatever size Tavus gives its pages.

    Raises TavusError, or CannotOpen.
    """
    fetched: list[RemoteReplica] = []
    async with key.connect(transport=transport) as tavus:

        async def fetch(number: int) -> Page[RemoteReplica]:
            return await tavus.list_replicas(page=number, limit=PAGE_SIZE)

        reading = await read_list(fetch, take=fetched.extend)
    return ReplicaList(fetched, reading.is_whole)


def record_replicas(key: APIKey, listed: ReplicaList) -> None:
    """Write down the replicas that Tavus listed. One disappears when two whole lists in a row lacked it."""
    now = timezone.now()
    remotes = listed.replicas
    rows = [
        Replica(
            api_key=key,
            replica_id=remote.replica_id[:200],
            name=cut(remote.name, 200),
            kind=remote.kind if remote.kind in {"user", "system"} else "",
            model_name=remote.model_name[:60],
            status=remote.status[:30],
            training_progress=remote.training_progress,
            thumbnail_url=remote.thumbnail_url,
            image_url=remote.thumbnail_image_url,
            error_message=cut(remote.error_message, 500),
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
                "name_folded",
                "kind",
                "model_name",
                "status",
                "training_progress",
                "thumbnail_url",
                "image_url",
                "error_message",
                "is_usable",
                "seen_at",
            ],
        )
        read = {"replicas_read_at": now, "replicas_refresh_at": now + REFRESH_EVERY}
        if listed.is_whole:
            read["replicas_whole_at"] = now
            if key.replicas_whole_at:
                key.replicas.filter(seen_at__lt=key.replicas_whole_at).delete()
        APIKey.objects.filter(pk=key.pk).update(**read)


def record_refresh_error(key: APIKey, error: Exception) -> None:
    """Note why a key's replicas could not be read."""
    if isinstance(error, CannotOpen):
        key.record_trouble(Health.UNREADABLE, str(error))
    elif isinstance(error, TavusError):
        key.record_trouble(health_of(error), error.message, wait=error.retry_after)
    else:
        raise error
