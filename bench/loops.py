"""Alternatives to our sweep: three loops over the same GETs, without a database.

Run as `python -m bench.loops <name> --url … --videos N --asked N --passes N --at-once N`; prints JSON.
"""

import argparse
import asyncio
import json
from typing import Any

import httpx

from bench.provider import identity
from bench.stopwatch import Stopwatch, peak_megabytes
from tavusweb.tavus import new_transport

SAMPLE = {"plain": 300, "quickstart": 60}  # measured on this many videos and extrapolated


async def ask(client: httpx.AsyncClient, path: str) -> object:
    return (await client.get(path)).json()


async def concurrently(client: httpx.AsyncClient, paths: list[str], at_once: int) -> None:
    queue = iter(paths)

    async def work() -> None:
        for path in queue:
            await ask(client, path)

    await asyncio.gather(*(work() for _ in range(at_once)))


def bare(url: str, at_once: int) -> httpx.AsyncClient:
    """The upper limit: nothing but the requests, over our engine's transport."""
    return httpx.AsyncClient(base_url=url, transport=new_transport(at_once), timeout=30)


def plain(url: str, at_once: int) -> httpx.AsyncClient:
    """httpx with its defaults."""
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    return httpx.AsyncClient(base_url=url, limits=limits, timeout=30)


LOOPS = {"bare": bare, "plain": plain, "quickstart": plain}


async def measure(name: str, *, url: str, asked: int, passes: int, at_once: int) -> dict[str, Any]:
    paths = [f"/v2/videos/{identity(number)}?verbose=true" for number in range(asked)]
    at_once = 1 if name == "quickstart" else at_once  # the provider's quickstart: one after another
    watch = Stopwatch()
    async with LOOPS[name](url, at_once) as client:
        for _ in range(passes):
            with watch:
                await concurrently(client, paths, at_once)
    return {
        "refreshed": asked,
        "seconds": watch.seconds / passes,
        "cpu_seconds": watch.cpu_seconds / passes,
        "megabytes": peak_megabytes(),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=LOOPS)
    parser.add_argument("--url", required=True)
    for number in ("--asked", "--passes", "--at-once"):
        parser.add_argument(number, type=int, required=True)
    print(json.dumps(asyncio.run(measure(**vars(parser.parse_args())))))
