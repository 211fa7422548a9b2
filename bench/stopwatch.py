"""Measure the time and memory that this process spends. Standard library only."""

import os
import resource
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


@dataclass
class Stopwatch:
    """Add up wall-clock and processor seconds over `with` blocks."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    _began: tuple[float, float] = field(default=(0.0, 0.0))

    def __enter__(self) -> Self:
        self._began = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds += time.perf_counter() - self._began[0]
        self.cpu_seconds += time.process_time() - self._began[1]


def peak_megabytes() -> float:
    """Return this process's peak memory."""
    # ru_maxrss is inherited from the parent process; the kernel's VmHWM is not.
    status = Path(f"/proc/{os.getpid()}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
