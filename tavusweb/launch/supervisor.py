"""Keep services running until told to stop, and leave no process behind. Standard library only."""

import select
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from tavusweb.launch.processes import Child, Service, adopt_orphans, end_all


@dataclass
class RestartBudget:
    """The restart policy: at most `limit` deaths within `window` seconds."""

    limit: int = 5
    window: float = 60.0
    _deaths: deque[float] = field(default_factory=deque)

    def spend(self, at: float) -> float | None:
        """Return the seconds to wait before restarting after a death at `at`: 0, then doubling. None: give up."""
        self._deaths.append(at)
        while self._deaths[0] <= at - self.window:
            self._deaths.popleft()
        recent = len(self._deaths)
        if recent > self.limit:
            return None
        return 0.0 if recent == 1 else 2.0 ** (recent - 2)


@dataclass
class HeartbeatWatch:
    """Decide whether a running worker without a heartbeat has to be restarted.

    A dead worker process can leave django-q2's queue locked, and then all others wait for it silently.
    """

    patience: float  # seconds that a new worker has for its first heartbeat
    readings: int = 2  # consecutive stale readings required
    _stale: int = 0

    def is_gone(self, heartbeat: str, age: float) -> bool:
        """Judge one reading; `heartbeat` is fresh, stale, never or unknown, and `age` is the worker's in seconds."""
        if heartbeat not in {"stale", "never"} or age <= self.patience:
            self._stale = 0
            return False
        self._stale += 1
        if self._stale < self.readings:
            return False
        self._stale = 0
        return True


STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


class Signals:
    """Signals to this process, read synchronously, so that no handler interrupts the code."""

    def __enter__(self) -> Self:
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._before = {number: signal.signal(number, lambda *_: None) for number in STOP | {signal.SIGCHLD}}
        self._wakeup_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakeup_before)
        for number, before in self._before.items():
            signal.signal(number, before)
        self._reader.close()
        self._writer.close()

    def wait(self, seconds: float) -> set[int]:
        """Sleep until a signal arrives or a child dies, at most `seconds`; return the signals received."""
        if not select.select([self._reader], [], [], max(0.0, seconds))[0]:
            return set()
        return set(self._reader.recv(4096))


class Supervisor:
    """Run services, restart any that dies, and stop all when one dies too often.

    `watch` is called with the supervisor between signals and returns the seconds until its next call.
    """

    def __init__(
        self,
        services: Sequence[Service],
        *,
        watch: Callable[["Supervisor"], float] = lambda _: 3600.0,
        budget: Callable[[], RestartBudget] = RestartBudget,
        say: Callable[[str], None] = print,
    ) -> None:
        self.children = {service.name: Child(service) for service in services}
        self._budgets = {service.name: budget() for service in services}
        self._start_at = {service.name: 0.0 for service in services}  # of services that are not running
        self._watch, self._watch_at = watch, 0.0
        self._say = say

    def run(self) -> int:
        """Run until stopped. Return 0 after SIGINT, SIGTERM or SIGHUP, 1 if a service died too often."""
        adopt_orphans()
        with Signals() as signals:
            try:
                while self._tend():
                    if signals.wait(self._idle_for()) & STOP:
                        self._say("Stopping.")
                        return 0
                return 1
            finally:
                for child in end_all(list(self.children.values())):
                    self._say(f"The {child.service.name} did not stop within {child.service.grace:g} s and was killed.")

    def restart(self, name: str, *, reason: str, grace: float = 5.0) -> None:
        """Stop a running service and start it again."""
        self._say(f"The {name} {reason}: starting it again.")
        child = self.children[name]
        child.ask_to_stop()
        asked_at = time.monotonic()
        while child.is_running and time.monotonic() - asked_at < grace:
            time.sleep(0.02)
        child.end()
        child.start()

    def _tend(self) -> bool:
        """Reap dead services, start those due and run the watch; return False to give up."""
        now = time.monotonic()
        for name, child in self.children.items():
            if child.process is not None and not child.is_running:
                budget = self._budgets[name]
                delay = budget.spend(now)
                outcome = _in_words(child.end())  # with its remaining processes: django-q2's children keep working
                if delay is None:
                    self._say(
                        f"The {name} {outcome}. That makes {budget.limit + 1} times within {budget.window:g} s: "
                        "stopping everything."
                    )
                    return False
                self._start_at[name] = now + delay
                self._say(f"The {name} {outcome}: starting it again{f' in {delay:g} s' if delay else ''}.")
            if child.process is None and self._start_at[name] <= now:
                child.start()
        if self._watch_at <= now:
            self._watch_at = now + self._watch(self)
        return True

    def _idle_for(self) -> float:
        waiting = [self._start_at[name] for name, child in self.children.items() if child.process is None]
        return min([self._watch_at, *waiting]) - time.monotonic()


def _in_words(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
