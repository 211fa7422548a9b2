"""Run tests on PostgreSQL with Redis as cache and broker: `pytest -p tests.on_services`.

Tests without a database are left out, and tables marked `one_database`: what they prove is decided in Python.
"""

import atexit
import contextlib
import os

import pytest

from tests import services

_running = contextlib.ExitStack()
atexit.register(_running.close)
os.environ["DATABASE_URL"] = _running.enter_context(services.postgres()).url
os.environ["REDIS_URL"] = _running.enter_context(services.redis()).url


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if not differs_by_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if differs_by_database(item)]


def differs_by_database(item: pytest.Item) -> bool:
    uses_one = item.get_closest_marker("django_db") or "_django_db_helper" in item.fixturenames  # type: ignore[attr-defined]
    return bool(uses_one) and not item.get_closest_marker("one_database")
