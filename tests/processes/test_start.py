"""bin/start with real processes, as operators use it."""

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tavusweb.data_folder import PROJECT

UP = 60.0  # seconds in which even a slow machine has everything running


class Site:
    """A running bin/start and its output."""

    def __init__(self, home: Path, mark: str, port: int, **env: str) -> None:
        self.home = home
        self.port = port
        self.lines: list[str] = []
        environment = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "FIELD_KEYS"}}
        self.process = subprocess.Popen(
            [str(PROJECT / "bin" / "start")],
            env=environment | {"TAVUSWEB_HOME": str(home), "PORT": str(port), "TAVUSWEB_TEST_MARK": mark} | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout
        self.lines.extend(line.rstrip() for line in iter(self.process.stdout.readline, ""))

    def has_printed(self, words: str) -> bool:
        return any(words in line for line in list(self.lines))

    def get(self, path: str) -> tuple[int, bytes]:
        with contextlib.suppress(OSError):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                    return answer.status, answer.read()
            except urllib.error.HTTPError as error:
                return error.code, error.read()
        return 0, b""

    def is_ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def end(self) -> int:
        self.process.wait(timeout=60)
        self._listener.join(timeout=10)
        return self.process.returncode


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def start(tmp_path, mark, port):
    sites = []

    def begin(**env: str) -> Site:
        sites.append(Site(tmp_path / "home", mark, port, **env))
        return sites[-1]

    yield begin
    for site in sites:
        site.process.terminate()
        site.end()


def children_of(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def last_beat(site: Site) -> float:
    with sqlite3.connect(f"file:{site.home}/tavusweb.sqlite3?mode=ro", uri=True) as connection:
        ((beat,),) = connection.execute("SELECT renewed_at FROM engine_lease WHERE name = 'sweep'")
    return datetime.fromisoformat(beat).replace(tzinfo=UTC).timestamp()


def mains(supervisor: int) -> dict[str, int]:
    """Return the services' main processes by module."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in children_of(supervisor)}
    return {command[2]: pid for pid, command in commands.items() if len(command) > 2}


WORKER = "tavusweb.engine.worker"


@pytest.fixture
def site(start, until):
    site = start()
    until(site.is_ready, within=UP)
    return site


def test_second_start_keeps_everything(start, tmp_path, until, alive):
    site = start()
    until(site.is_ready, within=UP)
    until(lambda: site.has_printed("The worker is ready."))
    assert site.get("/healthz")[0] == 200
    assert site.has_printed(f"tavusweb is running at http://127.0.0.1:{site.port}")
    assert site.has_printed("Password:")

    site.process.send_signal(signal.SIGINT)
    assert site.end() == 0, site.lines
    assert alive() == set()

    secrets = (tmp_path / "home" / "secrets.env").read_bytes()
    again = start()
    until(again.is_ready, within=UP)
    assert (tmp_path / "home" / "secrets.env").read_bytes() == secrets
    assert not again.has_printed("Password:")
    again.process.terminate()
    assert again.end() == 0, again.lines
    assert alive() == set()
    readable = [path for path in (tmp_path / "home").rglob("*") if path.stat().st_mode & 0o077]
    assert readable == []


def test_no_process_shows_the_first_owner_password(start, until, alive):
    password = "a-chosen-pass-1 $HOME `id` \\ \"'é"
    site = start(OWNER_EMAIL="owner@example.org", OWNER_PASSWORD=password)
    shown: set[str] = set()

    def is_ready_and_looked_at() -> bool:
        for pid in alive():
            with contextlib.suppress(OSError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                if pid != site.process.pid and b"a-chosen-pass-1" in Path(f"/proc/{pid}/environ").read_bytes():
                    shown.add(str(command))
        return site.is_ready()

    until(is_ready_and_looked_at, within=UP)
    everybody = {site.process.pid, *alive()}

    assert len(everybody) > 8
    for pid in everybody:
        assert b"OWNER_PASSWORD" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert not shown, "nor did what prepared the site, while it ran"
    assert site.has_printed("the one in OWNER_PASSWORD")
    with sqlite3.connect(f"file:{site.home}/tavusweb.sqlite3?mode=ro", uri=True) as connection:
        ((stored,),) = connection.execute("SELECT password FROM accounts_user")
    assert PBKDF2PasswordHasher().verify(password, stored)


def test_killed_worker_is_restarted_without_orphans(site, until, alive):
    before = mains(site.process.pid)[WORKER]
    orphans = {pid for pid in alive() if os.getpgid(pid) == before}
    assert len(orphans) > 3

    os.kill(before, signal.SIGKILL)

    until(lambda: site.has_printed("The worker was killed by SIGKILL: starting it again."))
    until(lambda: mains(site.process.pid).get(WORKER, before) != before)
    assert not orphans & alive()


def descendants(main: int) -> list[int]:
    """Return the worker's sentinel and its children: task workers, monitor and pusher."""
    sentinels = children_of(main)
    return sentinels + [child for sentinel in sentinels for child in children_of(sentinel)]


def test_killed_child_of_the_worker_is_noticed_immediately(site, until):
    """An idle child can die holding a queue's lock, for which all the others then wait silently."""
    for number, which in enumerate((0, 3, 4), start=1):  # a task worker, the monitor, the pusher
        until(lambda: len(descendants(mains(site.process.pid).get(WORKER, 0))) == 6)
        _sentinel, *children = descendants(mains(site.process.pid)[WORKER])

        os.kill(children[which], signal.SIGKILL)

        until(lambda: sum("starting it again" in line for line in site.lines) == number)  # noqa: B023

    beat_at = time.time()
    until(lambda: last_beat(site) > beat_at, within=UP)


def test_sigterm_to_the_whole_worker_group_stops_it_in_order(site, until, alive):
    main = mains(site.process.pid)[WORKER]
    everybody = {main, *descendants(main)}

    for pid in everybody:
        os.kill(pid, signal.SIGTERM)

    until(lambda: site.has_printed("The worker ended with exit code 0: starting it again."))
    assert not everybody & alive()


def test_killed_web_server_refuses_no_connection(site, until, alive):
    before = mains(site.process.pid)["gunicorn"]
    old = {pid for pid in alive() if os.getpgid(pid) == before}

    os.kill(before, signal.SIGKILL)
    until(lambda: not old & alive())

    assert site.get("/healthz")[0] == 200
    until(lambda: mains(site.process.pid).get("gunicorn", before) != before)
    until(site.is_ready, within=UP)


def test_killed_supervisor_leaves_nothing_running(site, until, alive, start):
    site.process.kill()
    site.process.wait()

    until(lambda: alive() == set())
    until(start().is_ready, within=UP)


def test_second_start_on_the_same_data_folder_is_refused_in_one_line(site, start):
    second = start(PORT="1")

    assert second.end() == 1
    assert len(second.lines) == 1
    assert re.fullmatch(
        rf"tavusweb: already running with the data folder .*/home \(pid {site.process.pid}\)\.", second.lines[0]
    )


def test_port_in_use_is_reported_before_anything_is_created(start, port, tmp_path):
    with socket.create_server(("127.0.0.1", port)):
        site = start()

        assert site.end() == 1

    assert site.lines == [f"tavusweb: port {port} on 127.0.0.1 is taken. PORT names another."]
    assert not (tmp_path / "home" / "tavusweb.sqlite3").exists()


def test_unreachable_database_is_reported(start):
    site = start(DATABASE_URL="postgres://nobody@127.0.0.1:9/nothing")

    assert site.end() == 1
    assert site.lines[0].startswith("tavusweb: the database cannot be used: ")
    assert len(site.lines) == 1


def test_readyz_gives_its_reasons(site):
    status, body = site.get("/readyz")

    assert status == 200
    assert json.loads(body) == {"ok": True, "database": "ok", "worker": "fresh", "reasons": []}
