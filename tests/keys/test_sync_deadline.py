"""The check of a key returns whatever the provider sends. Not timed: a check that never returned would hang the test."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tavusweb.keys import sync
from tavusweb.keys.health_states import Health
from tavusweb.keys.models import APIKey
from tavusweb.keys.sync import check

Behave = Callable[[socket.socket, threading.Event], None]


@contextmanager
def serving(behave: Behave) -> Iterator[str]:
    """A server in a thread of its own, which ends with the test and not before."""
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65536)
                    behave(connection, is_over)
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            is_over.set()
            server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def drip(connection: socket.socket, is_over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
    while not is_over.wait(0.02):
        connection.sendall(b" ")


def flood(connection: socket.socket, is_over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not is_over.is_set():
        connection.sendall(b"<a " * 20_000)


def refuse(page: bytes) -> Behave:
    def behave(connection: socket.socket, is_over: threading.Event) -> None:
        head = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
        connection.sendall(head % len(page) + page)

    return behave


@pytest.fixture
def check_against(key: APIKey, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., sync.CheckResult]:
    def run(behave: Behave, *, seconds: float) -> sync.CheckResult:
        monkeypatch.setattr(sync, "CHECK_SECONDS", seconds)
        with serving(behave) as url:
            settings.TAVUS_API_URL = url
            return check(key)

    return run


@pytest.mark.parametrize("behave", [drip, flood])
def test_endless_body_makes_the_key_unreachable(check_against: Callable[..., sync.CheckResult], behave: Behave) -> None:
    assert check_against(behave, seconds=0.3).health is Health.UNREACHABLE


@pytest.mark.parametrize("piece", [b"<a ", b"<!--", b"<a<a", b"<a x='", b"<title>", b"&#9", b"<b>"])
def test_error_page_of_60_kb_of_open_tags_is_read_quickly(
    check_against: Callable[..., sync.CheckResult], piece: bytes
) -> None:
    page = b"<b>Sorry</b>" + piece * (60_000 // len(piece))

    answer = check_against(refuse(page), seconds=10.0)

    assert answer.health is Health.UNREACHABLE
    assert answer.detail.startswith("Sorry")
