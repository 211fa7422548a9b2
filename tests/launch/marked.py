"""Real processes, identified by a mark in their environment."""

import contextlib
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MARK = "TAVUSWEB_TEST_MARK"


def running(mark: str) -> set[int]:
    """Return every live process with the mark in its environment, however many generations down."""
    pids = set()
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and f"{MARK}={mark}\0".encode() in (entry / "environ").read_bytes():
                pids.add(int(entry.name))
    return pids - {os.getpid()}


@pytest.fixture
def mark() -> Iterator[str]:
    mark = uuid.uuid4().hex
    yield mark
    for pid in running(mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def alive(mark: str) -> Callable[[], set[int]]:
    return lambda: running(mark)


@pytest.fixture
def until() -> Callable[..., None]:
    def wait(condition: Callable[[], object], within: float = 20.0) -> None:
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)

    return wait
