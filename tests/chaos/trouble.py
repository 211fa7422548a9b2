"""What happens to our own side of a run: processes are killed, the database stops, the disk is full."""

import contextlib
import os
import random
import resource
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.services import Postgres, Redis

KILL_EVERY = (3.0, 8.0)  # seconds
ROLES = ("main", "sentinel", "child")


def children_of(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def family_of(pid: int) -> list[int]:
    """A process and all its descendants."""
    return [pid, *(each for child in children_of(pid) for each in family_of(child))]


class Killer(threading.Thread):
    """Sends SIGKILL to a random process of a random worker every few seconds, until `stop` is set."""

    def __init__(self, supervisors: list[int], seed: int) -> None:
        super().__init__(daemon=True)
        self.supervisors = supervisors
        self.random = random.Random(seed)
        self.stop = threading.Event()
        self.kills: Counter[str] = Counter()

    def run(self) -> None:
        while not self.stop.wait(self.random.uniform(*KILL_EVERY)):
            role = self.random.choice(ROLES)
            while (pid := self._one(role)) is None and not self.stop.wait(0.2):
                pass  # it is just being started again
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.kills[role] += 1

    def _one(self, role: str) -> int | None:
        """A worker's main process, the sentinel it forked, or one of the sentinel's children."""
        victims = [self.random.choice(self.supervisors)]
        for _ in range(ROLES.index(role) + 1):
            victims = [child for pid in victims for child in children_of(pid)]
        return self.random.choice(victims) if victims else None


class Pulse(threading.Thread):
    """Watches how long no worker sweeps at a time, until `stop` is set."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stop = threading.Event()
        self.longest = 0.0

    def run(self) -> None:
        from django.db import DatabaseError, connection
        from django.utils import timezone

        from tavusweb.engine.models import Lease
        from tavusweb.engine.sweep import LEASE

        seen = timezone.now()
        while not self.stop.wait(1):
            try:
                seen = max(Lease.last_renewal(LEASE) or seen, seen)
            except DatabaseError:
                connection.close()
            self.longest = max(self.longest, (timezone.now() - seen).total_seconds())
        connection.close()


def lock_sqlite(path: Path, seconds: float) -> None:
    """Keep every writer out."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
    finally:
        connection.close()


def restart(server: Postgres | Redis, seconds: float) -> None:
    server.crash()
    time.sleep(seconds)
    server.start()


@contextlib.contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """Not a byte is free in this folder's file system."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"\0" * size)
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def no_file_grows(supervisors: list[int]) -> Iterator[None]:
    """The next best where no small disk can be mounted: every write of the workers past a file's beginning fails."""

    def limit(size: int) -> None:
        for pid in [each for supervisor in supervisors for each in family_of(supervisor)]:
            with contextlib.suppress(ProcessLookupError):
                _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))

    limit(1)
    try:
        yield
    finally:
        limit(resource.RLIM_INFINITY)


def at(seconds: float, what: Callable[[], object]) -> threading.Thread:
    """Do something so many seconds from now, in its own thread."""

    def wait_and_do() -> None:
        time.sleep(seconds)
        what()

    thread = threading.Thread(target=wait_and_do, daemon=True)
    thread.start()
    return thread
