"""Measure our engine: passes over all videos in production, a steady run, submissions, and a search.

Run as `python -m bench.with_django bench.sweeps passes|steady|submissions|search …`; prints JSON. Needs the rows of bench.rows.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
from django.utils import timezone

from bench.stopwatch import Stopwatch, peak_megabytes
from tavusweb.engine.db import in_thread
from tavusweb.engine.models import Lease
from tavusweb.engine.sweep import CONNECTIONS, LEASE, LEASE_LASTS, ROUND_SECONDS, Sweep
from tavusweb.keys.models import APIKey
from tavusweb.tavus import new_transport
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

LOOK_EVERY = 0.2  # seconds between checks whether a pass is over; each check has a cost


async def passes(*, passes: int, may_list: bool) -> dict[str, Any]:
    """Measure the time until every row is written. Every response contains a change, so no row is skipped."""
    watch = Stopwatch()
    async with new_transport(CONNECTIONS) as pool:
        for _ in range(passes):
            one = await in_thread(Pass)()
            sweep = Sweep("bench", pool=pool, may_list=may_list)
            with watch:
                await _until_done(sweep, one.is_under_way)
            await _end(sweep)
    return {
        "refreshed": one.videos,
        "seconds": watch.seconds / passes,
        "cpu_seconds": watch.cpu_seconds / passes,
        "megabytes": peak_megabytes(),
    }


async def submissions() -> dict[str, Any]:
    """Measure the time until every waiting video is at Tavus and recorded as such."""
    key = await in_thread(APIKey.objects.get)()
    waiting = Video.objects.filter(api_key=key, status__in=[Status.WAITING, Status.SENDING])
    number = await in_thread(waiting.count)()
    async with new_transport(CONNECTIONS) as pool:
        sweep = Sweep("bench", pool=pool)
        with Stopwatch() as watch:
            await _until_done(sweep, waiting.exists)
        await _end(sweep)
    return {"sent": number, "seconds": watch.seconds, "cpu_seconds": watch.cpu_seconds}


async def search() -> dict[str, Any]:
    """Measure one search for the only unsure submission, from the sweep that finds it due to the recorded result."""
    unsure = Video.objects.filter(status=Status.UNSURE)
    sought = await in_thread(unsure.get)()
    async with new_transport(CONNECTIONS) as pool:
        sweep = Sweep("bench", pool=pool)
        with Stopwatch() as watch:
            await _until_done(sweep, unsure.filter(polled_at=None).exists)
        await _end(sweep)
    await in_thread(sought.refresh_from_db)()
    return {
        "seconds": watch.seconds,
        "cpu_seconds": watch.cpu_seconds,
        "megabytes": peak_megabytes(),
        "outcome": sought.asks or sought.search_report.get("finding") or sought.status,
    }


async def steady(*, url: str, plan: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Run the worker's sweep while videos become ready; measure from ready at Tavus to ready here."""
    holder = await in_thread(lambda: Lease.take(LEASE, lasts=LEASE_LASTS))()
    if holder is None:
        raise SystemExit("another sweep holds the lease")
    httpx.post(f"{url}/bench/plan", json=plan | {"begins_at": time.time() + 2}).raise_for_status()
    with Stopwatch() as watch:
        await Sweep(holder).run(seconds)
    ready_at = httpx.get(f"{url}/bench/count").raise_for_status().json()["ready_at"]
    known = await in_thread(_became_ready)()
    return {
        "delays": [known[name].timestamp() - at for name, at in ready_at.items() if name in known],
        "missed": len(ready_at.keys() - known.keys()),
        "seconds": watch.seconds,
        "cpu_seconds": watch.cpu_seconds,
        "megabytes": peak_megabytes(),
    }


async def _until_done(sweep: Sweep, is_left: Callable[[], bool]) -> None:
    """Repeat as often as the sweep does, but notice the end of a worker immediately."""
    round_at = 0.0
    while await in_thread(is_left)():
        if time.monotonic() >= round_at:
            await sweep.round()
            round_at = time.monotonic() + ROUND_SECONDS
        if under_way := [task for task in sweep.tasks if not task.done()]:
            await asyncio.wait(under_way, timeout=LOOK_EVERY)
        else:
            round_at = 0.0


async def _end(sweep: Sweep) -> None:
    for worker in sweep.workers.values():
        worker.stop()
    await sweep.finish()


class Pass:
    """One pass: make all rows due with a change to find, and detect when all are written."""

    def __init__(self) -> None:
        self.began_at = timezone.now()
        self.rendering = Video.objects.filter(api_key=APIKey.objects.get(), status=Status.GENERATING)
        self.videos = self.rendering.update(
            next_poll_at=self.began_at, lease_until=None, polled_at=None, watched_at=None, progress=0, gif_url=""
        )

    def is_under_way(self) -> bool:
        # The first query uses an index; the second is expensive, so it runs only after the first.
        return (
            self.rendering.filter(next_poll_at__lte=self.began_at).exists()
            or self.rendering.filter(polled_at=None).exists()
        )


def _became_ready() -> dict[str, datetime]:
    ready = Video.objects.filter(tavus_id__startswith="b", status=Status.READY, finished_at__isnull=False)
    return dict(ready.values_list("tavus_id", "finished_at"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["passes", "steady", "submissions", "search"])
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--url", default="")
    parser.add_argument("--plan", type=json.loads, default={})
    parser.add_argument("--seconds", type=float, default=0)
    asked = parser.parse_args()
    match asked.what:
        case "passes":
            work = passes(passes=asked.passes, may_list=asked.list)
        case "submissions":
            work = submissions()
        case "search":
            work = search()
        case _:
            work = steady(url=asked.url, plan=asked.plan, seconds=asked.seconds)
    print(json.dumps(asyncio.run(work)))
