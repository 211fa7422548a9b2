"""When to restart and when to give up: pure decisions, without a clock or a process of their own."""

from collections import deque
from dataclasses import dataclass, field


@dataclass
class RestartBudget:
    """How often something may die before it is hopeless: `limit` times within `window` seconds."""

    limit: int = 5
    window: float = 60.0
    _deaths: deque[float] = field(default_factory=deque)

    def spend(self, at: float) -> float | None:
        """Seconds to wait before the restart after a death at `at`: none at first, then doubling. None: give up."""
        self._deaths.append(at)
        while self._deaths[0] <= at - self.window:
            self._deaths.popleft()
        recent = len(self._deaths)
        if recent > self.limit:
            return None
        return 0.0 if recent == 1 else 2.0 ** (recent - 2)


@dataclass
class HeartbeatWatch:
    """Whether a worker that runs but no longer beats has to be restarted.

    A dead worker process can leave django-q2's queue locked, and every other process waits for it in silence.
    """

    patience: float  # seconds that a young worker has for its first beat
    readings: int = 2  # stale readings in a row that convince
    _stale: int = 0

    def is_gone(self, heartbeat: str, age: float) -> bool:
        """Judge one reading: `heartbeat` is `fresh`, `stale`, `never`, or `unknown`; `age` the worker's seconds."""
        if heartbeat not in {"stale", "never"} or age <= self.patience:
            self._stale = 0
            return False
        self._stale += 1
        if self._stale < self.readings:
            return False
        self._stale = 0
        return True
