"""Measure from pressing Generate to the POST at the provider, with a real web server, queue and worker."""

import contextlib
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx

from bench.instance import PROJECT, Instance

PRESSES = 30
PATIENCE = 60.0  # seconds for a process to come up
EMAIL, PASSWORD = "owner@example.com", "a-long-password-7"


def measure(instance: Instance) -> dict[str, Any]:
    """Return the seconds between the browser's POST and the arrival of ours."""
    with running(instance) as url, httpx.Client(base_url=url, timeout=30, follow_redirects=True) as browser:
        submit(browser, "/account/login/", login=EMAIL, password=PASSWORD)
        slug = re.search(r"/w/([a-z0-9-]+)/", browser.get("/").text)[1]  # type: ignore[index]
        submit(browser, f"/w/{slug}/keys/add/", name="Bench", secret="bench-key-1234567890")
        instance.ask(videos=0, latency=0.05)
        chance, delays = random.Random(1), []
        for number in range(PRESSES):
            pressed_at = submit(
                browser,
                f"/w/{slug}/videos/new/",
                title=f"Press {number}",
                replica_id="r90bbd427f71",
                script="Hello there",
                intent="generate",
            )
            delays.append(arrival(instance, f"Press {number} ") - pressed_at)
            time.sleep(chance.uniform(0, 1))  # out of step with any periodic task
    delays.sort()
    return {"median": statistics.median(delays), "99th": delays[-1], "presses": len(delays)}


def submit(browser: httpx.Client, path: str, **fields: str) -> float:
    """Open a page, fill in its form and submit it; return the time of submission."""
    page = browser.get(path).raise_for_status().text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    pressed_at = time.time()
    browser.post(path, data=dict(hidden) | fields, headers={"Referer": str(browser.base_url)}).raise_for_status()
    return pressed_at


def arrival(instance: Instance, title: str) -> float:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for name, at in instance.ask()["accepted"].items():
            if name.startswith(title):
                return at
        time.sleep(0.05)
    raise SystemExit(f"{title!r} never reached the provider")


@contextlib.contextmanager
def running(instance: Instance) -> Iterator[str]:
    """Run the web server and the worker as bin/start does, with a fresh database."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    home = instance.home / f"pressing-{port}"
    home.mkdir()
    env = instance.env | {
        "TAVUSWEB_HOME": str(home),
        "DATABASE_URL": "",
        "PORT": str(port),
        "SITE_URL": url,
        "OWNER_EMAIL": EMAIL,
        "OWNER_PASSWORD": PASSWORD,
        "SANDBOX": "0",
    }
    subprocess.run([sys.executable, "-m", "tavusweb.launch.upgrade"], cwd=PROJECT, env=env, check=True)
    bind = ["--config", "python:tavusweb.launch.gunicorn_conf", "--bind", f"127.0.0.1:{port}"]
    with (home / "log.txt").open("wb") as log:
        commands = [["gunicorn", *bind], ["tavusweb.engine.worker"]]
        processes = [
            subprocess.Popen([sys.executable, "-m", *command], cwd=PROJECT, env=env, stdout=log, stderr=log)
            for command in commands
        ]
    try:
        deadline = time.monotonic() + PATIENCE
        while not _is_ready(url):
            if time.monotonic() > deadline:
                raise SystemExit(f"the program did not come up:\n{(home / 'log.txt').read_text()}")
            time.sleep(0.2)
        yield url
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def _is_ready(url: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{url}/readyz").status_code == 200
    return False
