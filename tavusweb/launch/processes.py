"""Child processes that leave no process behind. Standard library only.

Every child leads its own session, so that Ctrl-C in a terminal, or a signal to our process group, reaches only
us: django-q2 hangs if its children get the SIGTERM meant for their parent.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tavusweb.parentage import _PR_SET_CHILD_SUBREAPER, _libc, die_with_parent


def adopt_orphans() -> None:
    """Become the parent of orphaned descendants to reap them: a container has no init."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)


@dataclass(frozen=True)
class Service:
    """A program to keep running; `grace` is the number of seconds between SIGTERM and SIGKILL."""

    name: str
    command: Sequence[str]
    grace: float
    env: Mapping[str, str] | None = None
    keep_open: tuple[int, ...] = ()  # inherited file descriptors


class Child:
    """A running service: its main process and every process in its group."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def age(self) -> float:
        """Seconds since the last start."""
        return time.monotonic() - self.started_at

    def start(self) -> None:
        us = os.getpid()
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.service.command,
            env=self.service.env,
            stdin=subprocess.DEVNULL,
            pass_fds=self.service.keep_open,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(us),
        )

    def ask_to_stop(self) -> None:
        """Send SIGTERM only to the main process, which stops its own children."""
        if self.process is not None and self.is_running:
            self.process.terminate()

    def end(self) -> int | None:
        """Kill the rest of the group and wait for it; return the main process's exit code."""
        if self.process is None:
            return None
        _end_group(self.process)
        code, self.process = self.process.returncode, None
        return code


def _end_group(leader: subprocess.Popen[bytes], within: float = 5.0) -> None:
    deadline = time.monotonic() + within
    # Do not wait forever for a process in an uninterruptible call.
    while time.monotonic() < deadline:
        try:
            os.killpg(leader.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # macOS raises PermissionError for a group of zombies
            leader.poll()
            return
        leader.poll()
        with contextlib.suppress(ChildProcessError):
            while leader.returncode is not None and os.waitpid(-leader.pid, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


def end_all(children: Sequence[Child]) -> list[Child]:
    """Stop all children in parallel, each within its grace period; return those that had to be killed."""
    for child in children:
        child.ask_to_stop()
    asked_at = time.monotonic()
    while any(child.is_running and time.monotonic() - asked_at < child.service.grace for child in children):
        time.sleep(0.02)
    stubborn = [child for child in children if child.is_running]
    for child in children:
        child.end()
    return stubborn
