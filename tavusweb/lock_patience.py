"""Limit the total time that one request waits for a locked SQLite database."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

COUNTED = 0.1  # seconds from which a statement counts: before, it may just have worked


class Patience:
    """Time the statements of one request: each may wait only for what earlier ones have left."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self.is_shorter = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            spent = time.monotonic() - began
            if spent >= COUNTED:
                self.left = max(self.left - spent, 0.0)
                self.is_shorter = True
                _wait_at_most(self.left)


class BoundedWait:
    """Middleware that limits a request's waits to `DATABASES["default"]["OPTIONS"]["timeout"]` in total."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if connection.vendor != "sqlite":
            return self.get_response(request)
        with _bounded(float(connection.settings_dict["OPTIONS"].get("timeout", 5.0))):
            return self.get_response(request)


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    patience = Patience(seconds)
    try:
        with connection.execute_wrapper(patience):
            yield
    finally:
        if patience.is_shorter:
            _wait_at_most(seconds)


def _wait_at_most(seconds: float) -> None:
    """Set SQLite's busy timeout, bypassing Django's cursor, which refuses to work in a failed transaction."""
    if connection.connection is not None:
        connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
