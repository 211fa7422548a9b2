"""One service under the product's own supervision: `python -m tests.chaos.supervised worker|web PORT`.

As `bin/start` does it, but for one service alone, so that several workers can run; and it never gives up, as a
machine's own init would not.
"""

import sys
from functools import partial

from tavusweb.launch import readiness_watch
from tavusweb.launch.processes import Service
from tavusweb.launch.supervisor import RestartBudget, Supervisor


def main(what: str, port: int) -> int:
    say = partial(print, flush=True)
    budget = partial(RestartBudget, limit=1_000_000, window=3.0)
    if what == "worker":
        service = Service("worker", [sys.executable, "-m", "tavusweb.engine.worker"], grace=20)
        watch = readiness_watch.HealthWatch(partial(readiness_watch.read, "127.0.0.1", port), f"port {port}", say)
        return Supervisor([service], watch=watch, budget=budget, say=say).run()
    bound = ["--config", "python:tavusweb.launch.gunicorn_conf", "--bind", f"127.0.0.1:{port}"]
    service = Service("web server", [sys.executable, "-m", "gunicorn", *bound], grace=15)
    return Supervisor([service], budget=budget, say=say).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
