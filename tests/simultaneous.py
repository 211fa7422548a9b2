"""Run code in several threads at the same moment, each with its own database connection, like separate processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
PATIENCE = 30  # seconds


def simultaneously(*calls: Callable[[], T]) -> list[T]:
    """Return the results of the calls in their order; an exception in one is raised here.

    Each call starts only when all threads are ready. Tests need `django_db(transaction=True)`.
    """
    ready = Barrier(len(calls), timeout=PATIENCE)

    def run(call: Callable[[], T]) -> T:
        try:
            ready.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
