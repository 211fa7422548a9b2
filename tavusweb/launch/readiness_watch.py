"""Watch /readyz of the running site and restart a worker without a heartbeat. Standard library only."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from tavusweb.launch.supervisor import HeartbeatWatch, Supervisor

CHECK_EVERY = 5.0
HURRY_EVERY = 0.5  # seconds, until everything is up
SLOW_AFTER = 60.0  # seconds after which a slow start is mentioned
YOUNG_WORKER = 45.0  # seconds until the first heartbeat is overdue; the lease of a killed worker lasts 15


@dataclass(frozen=True)
class Reading:
    """A /readyz response. The worker's `heartbeat` is fresh, stale, never or, without a response, unknown."""

    is_serving: bool = False
    is_ready: bool = False
    heartbeat: str = "unknown"
    reasons: tuple[str, ...] = ()


def read(host: str, port: int, timeout: float = 2.0) -> Reading:
    """Query /readyz; a malformed response counts as none."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        answer = connection.getresponse()
        body = json.loads(answer.read(65536))
        return Reading(
            is_serving=True,
            is_ready=answer.status == 200,
            heartbeat=str(body.get("worker", "unknown")),
            reasons=tuple(map(str, body.get("reasons", ()))),
        )
    except (OSError, http.client.HTTPException, ValueError, AttributeError, TypeError):
        return Reading()
    finally:
        connection.close()


class HealthWatch:
    """Announce the site once it is up, and restart a worker that died silently. Called by the supervisor."""

    def __init__(
        self,
        look: Callable[[], Reading],
        url: str,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look, self._url, self._say, self._clock = look, url, say, clock
        self._worker = HeartbeatWatch(patience=YOUNG_WORKER)
        self._began_at = clock()
        self._announced = self._ready = self._complained = False

    def __call__(self, supervisor: Supervisor) -> float:
        reading = self._look()
        self._tell(reading, self._clock() - self._began_at)
        worker = supervisor.children["worker"]
        if worker.is_running and self._worker.is_gone(reading.heartbeat, worker.age):
            supervisor.restart("worker", reason="runs but shows no sign of life")
        return CHECK_EVERY if self._ready else HURRY_EVERY

    def _tell(self, reading: Reading, age: float) -> None:
        if reading.is_serving and not self._announced:
            self._announced = True
            self._say(f"tavusweb is running at {self._url} (Ctrl-C stops it).")
        if reading.is_ready and not self._ready:
            self._ready = True
            self._say("The worker is ready.")
        if not self._ready and not self._complained and age > SLOW_AFTER:
            self._complained = True
            what = "; ".join(reading.reasons) or ("no reason given." if reading.is_serving else "no answer.")
            self._say(f"Not ready after {SLOW_AFTER:g} s: {what}")
