"""Run the same tests on PostgreSQL with Redis as cache and broker: `pytest -p tests.on_services`."""

import atexit
import contextlib
import os

from tests import services

_running = contextlib.ExitStack()
atexit.register(_running.close)
os.environ["DATABASE_URL"] = _running.enter_context(services.postgres()).url
os.environ["REDIS_URL"] = _running.enter_context(services.redis()).url
