from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """A database call for the loop: all of them take turns in one thread, on one connection."""
    return sync_to_async(function, thread_sensitive=True)
