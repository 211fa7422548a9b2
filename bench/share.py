"""Measure the share page as strangers load it: size, speed, and the effect of a burst of visits.

`bin/bench share` prints Markdown tables. It needs `wrk`, packaged in Debian. The web server is the program's own with
its two processes; the page is measured in turns with a bare view (see `bench.bare`) on the same server.
"""

import argparse
import contextlib
import gzip
import json
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from bench.instance import PROJECT, Instance

OPEN, COMMENTS, NOT_READY = "open, comments off", "open, 20 comments", "not ready"
CONNECTIONS = 8
BURST = 10_000
FETCHED = re.compile(
    r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/[^"]+)"'
)  # only our own files: before playing, nothing else is loaded
COUNTED = re.compile(r"data-visit=")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench share", description="Measure the share page.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each round")
    parser.add_argument("--database", default="", help="URL of an empty database to use instead of SQLite")
    parser.add_argument("--only", choices=["weight", "speed", "visits", "numbers"], nargs="+")
    asked = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed")
    with (
        tempfile.TemporaryDirectory(prefix="tavusweb-bench-") as home,
        serving(Path(home), asked.database) as (instance, url),
    ):
        pages = ask(instance, "fill")
        parts = asked.only or ["weight", "speed", "visits", "numbers"]
        if "weight" in parts:
            print(weights(url, pages, ask(instance, "queries")), flush=True)
        if "speed" in parts:
            print(speeds(url, pages, asked.rounds, asked.seconds), flush=True)
        if "visits" in parts:
            print(burst(instance, url, pages), flush=True)
        if "numbers" in parts:
            print(f"\n{instance.run('bench.with_django', 'bench.share_numbers')}", flush=True)
    return 0


def ask(instance: Instance, what: str) -> Any:
    return json.loads(instance.run("bench.with_django", "bench.share_rows", what).splitlines()[-1])


@contextlib.contextmanager
def serving(home: Path, database: str, rows: str = "bench.share_rows") -> Iterator[tuple[Instance, str]]:
    """Run the web server as bin/start does, with the bare view's route added."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    instance, url = Instance(home, database=database), f"http://127.0.0.1:{port}"
    instance.env |= {"PORT": str(port), "SITE_URL": url, "DJANGO_SETTINGS_MODULE": "bench.bare_settings"}
    (home / "static").mkdir()
    bind = ["--config", "python:tavusweb.launch.gunicorn_conf", "--bind", f"127.0.0.1:{port}"]
    process: subprocess.Popen[bytes] | None = None
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((home / "log.txt").open("wb"))
        instance.run(
            "bench.with_django", rows, "prepare"
        )  # collects static files, which the server lists when it starts
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *bind], cwd=PROJECT, env=instance.env, stdout=log, stderr=log
        )
        stack.callback(process.wait)
        stack.callback(process.terminate)
        wait_for(f"{url}/healthz", home / "log.txt")
        yield instance, url


def wait_for(url: str, log: Path) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url).status_code == 200:
                return
        time.sleep(0.2)
    raise SystemExit(f"the web server did not come up:\n{log.read_text()}")


# Size.


def weights(url: str, pages: dict[str, Any], queries: dict[str, int]) -> str:
    lines = [
        "| state | answer | requests | KB | KB behind a proxy that compresses | queries |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    with httpx.Client(base_url=url, headers={"Accept-Encoding": "gzip, br"}) as browser:
        for state, page in pages.items():
            answer = browser.get(page["path"])
            linked = sorted(set(FETCHED.findall(answer.text)))
            beacon = bool(COUNTED.search(answer.text))
            files = sum(received(browser, path) for path in linked)
            sizes = [files + len(answer.content), files + len(gzip.compress(answer.content, 6))]
            shown = " | ".join(f"{size / 1000:.1f}" for size in sizes)
            requests = 1 + len(linked) + beacon
            lines.append(f"| {state} | {answer.status_code} | {requests} | {shown} | {queries[state]} |")
    return "\n".join(lines) + "\n"


def received(browser: httpx.Client, path: str) -> int:
    """Return a file's bytes as sent over the network."""
    with browser.stream("GET", path) as answer:
        answer.raise_for_status()
        return sum(len(part) for part in answer.iter_raw())


# Speed.


def speeds(url: str, pages: dict[str, Any], rounds: int, seconds: int) -> str:
    """Measure requests per second, in turns with the bare view returning as many bytes."""
    lines = ["| page | bytes | per second | bare view | ratio, median | all ratios |", "|---|---:|---:|---:|---:|---|"]
    panel = {"path": f"{pages[NOT_READY]['path']}panel/", "ids": pages[NOT_READY]["ids"]}
    for name, page in {OPEN: pages[OPEN], COMMENTS: pages[COMMENTS], "not-ready panel": panel}.items():
        size = len(httpx.get(url + page["path"]).content)
        bare = f"{url}/bare/{page['ids']}/{size}/"
        for address in (url + page["path"], bare):
            per_second(address, 1)  # warm-up
        turns = [(per_second(url + page["path"], seconds), per_second(bare, seconds)) for _ in range(rounds)]
        ratios = [ours / theirs for ours, theirs in turns]
        ours, theirs = (statistics.median(column) for column in zip(*turns, strict=True))
        every = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        lines.append(f"| {name} | {size:,} | {ours:.0f} | {theirs:.0f} | {statistics.median(ratios):.2f} | {every} |")
    return "\n".join(lines) + "\n"


def per_second(address: str, seconds: int) -> float:
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", address]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{address} was not always answered:\n{output}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", output)[1])  # type: ignore[index]


# A burst of visits.


def burst(instance: Instance, url: str, pages: dict[str, Any]) -> str:
    """Record this many visits concurrently while a reader keeps reloading the page."""
    page, before = url + pages[OPEN]["path"], ask(instance, "visits")
    alone = load_while(page, lambda: time.sleep(5))
    beside_bare = load_while(page, lambda: flood(f"{url}/bare/{pages[OPEN]['ids']}/0/", None))
    began = time.perf_counter()
    beside = load_while(page, lambda: flood(f"{page}visit/", "opened"))
    seconds = time.perf_counter() - began
    counted = ask(instance, "visits") - before  # starting this process takes longer than the next batch
    lines = ["| the page is loaded | median ms | 99th ms |", "|---|---:|---:|"]
    for name, times in (
        ("alone", alone),
        (f"beside {BURST:,} bare views", beside_bare),
        (f"beside {BURST:,} visits", beside),
    ):
        lines.append(f"| {name} | {statistics.median(times):.1f} | {statistics.quantiles(times, n=100)[98]:.1f} |")
    return "\n".join([*lines, "", f"{BURST:,} visits in {seconds:.1f} s: {BURST - counted} lost."])


def load_while(url: str, act: Callable[[], None]) -> list[float]:
    """Return the milliseconds of consecutive page loads while something is running."""
    is_over, times = threading.Event(), []

    def load() -> None:
        with httpx.Client() as browser:
            while not is_over.is_set():
                began = time.perf_counter()
                browser.get(url).raise_for_status()
                times.append((time.perf_counter() - began) * 1000)

    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load)
        try:
            act()
        finally:
            is_over.set()
        loading.result()
    return times


def flood(url: str, event: str | None) -> None:
    """Send BURST requests over CONNECTIONS connections; with an event, each POSTs it as a new visit."""
    parts, share = urlsplit(url), BURST // CONNECTIONS
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Mozilla/5.0 (X11) Firefox/140.0"}

    def run() -> None:
        connection = HTTPConnection(parts.netloc)
        for _ in range(share):
            body = f"visit={secrets.token_hex(16)}&event={event}" if event else None
            connection.request("POST" if event else "GET", parts.path, body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 300:
                raise SystemExit(f"{url} answered {answer.status}")
        connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for done in [pool.submit(run) for _ in range(CONNECTIONS)]:
            done.result()


if __name__ == "__main__":
    sys.exit(main())
