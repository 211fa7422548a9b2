"""Send callbacks, only to this instance's own URLs.

The sandbox has no background process: a schedule sends due callbacks up to a minute late and never twice.
"""

import asyncio
import logging
from datetime import datetime
from typing import Any

import httpx
from django.conf import settings
from django.utils import timezone

from tavusweb.sandbox.addresses import own_address
from tavusweb.sandbox.lifecycle import moment
from tavusweb.sandbox.models import SandboxReplica, SandboxVideo
from tavusweb.sandbox.serializers import replica_callback, video_callback

AT_ONCE = 4
LIMIT = 40  # per run; with the timeout below, a run ends within a task's time limit
SECONDS = 4.0

log = logging.getLogger(__name__)

Message = tuple[str, dict[str, Any]]


def send_due() -> None:
    """Send callbacks for everything finished since the last run. Called by django-q2's schedule."""
    if settings.SANDBOX and (messages := _claimed(timezone.now())):
        asyncio.run(_send(messages))


def _claimed(now: datetime) -> list[Message]:
    """Claim due callbacks, so that each is sent at most once."""
    messages: list[Message] = []
    rows = [*SandboxVideo.objects.callbacks_due(now)[:LIMIT], *SandboxReplica.objects.callbacks_due(now)[:LIMIT]]
    for row in rows[:LIMIT]:
        url = own_address(row.request.get("callback_url", ""))
        if row.claim_callback() and url and (body := _body(row, now)):
            messages.append((url, body))
    return messages


def _body(row: SandboxVideo | SandboxReplica, now: datetime) -> dict[str, Any]:
    if row.deleted_at:
        return {}
    if isinstance(row, SandboxReplica):
        return replica_callback(row.as_it_is(now))
    return video_callback(row, now) if moment(row, now).is_final else {}


async def _send(messages: list[Message]) -> None:
    places = asyncio.Semaphore(AT_ONCE)
    # Neither proxies from the environment nor redirects: both would contact another host.
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=SECONDS) as client:
        await asyncio.gather(*(_post(client, places, url, body) for url, body in messages))


async def _post(client: httpx.AsyncClient, places: asyncio.Semaphore, url: str, body: dict[str, Any]) -> None:
    """Send one callback without reading the response body or retrying."""
    try:
        async with places, asyncio.timeout(SECONDS), client.stream("POST", url, json=body):
            pass
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        log.info("A sandbox callback could not be delivered: %s", type(error).__name__)
