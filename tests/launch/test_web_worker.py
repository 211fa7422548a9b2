"""Connection limits of the web worker with real sockets. tests/processes/test_slow_clients.py runs the whole server."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from selectors import DefaultSelector
from typing import Any

import pytest
from gunicorn.config import Config

from tavusweb.launch import web_worker
from tavusweb.launch.client_socket import ClientSocket
from tavusweb.launch.web_worker import PER_ADDRESS, Connection, WebWorker, group_of


@pytest.fixture
def worker() -> Iterator[WebWorker]:
    worker = WebWorker(0, 0, [], None, 30, Config(), None)
    worker.poller = DefaultSelector()
    yield worker
    for conn in list(worker.unfinished):
        worker._give_up(conn)
    worker.poller.close()
    worker.tmp.close()


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    with ExitStack() as ends:
        yield ends


def connect(worker: WebWorker, ends: ExitStack, address: str) -> socket.socket:
    here, there = socket.socketpair()
    ends.enter_context(there)
    there.settimeout(5)
    worker.nr_conns += 1
    worker.enqueue_req(Connection(worker, ClientSocket(here), (address, 50_000), "x"))
    return there


def is_open(end: socket.socket) -> bool:
    end.setblocking(False)
    try:
        return bool(end.recv(1))
    except BlockingIOError:
        return True


def test_address_over_its_limit_loses_only_its_own_oldest_connections(worker: WebWorker, ends: ExitStack) -> None:
    others = [connect(worker, ends, f"192.0.2.{number}") for number in range(40)]
    greedy = [connect(worker, ends, f"2001:db8::{number}") for number in range(1, PER_ADDRESS + 4)]

    assert [is_open(end) for end in greedy] == [False] * 3 + [True] * PER_ADDRESS
    assert all(is_open(end) for end in others)
    assert worker.nr_conns == 40 + PER_ADDRESS


def test_full_process_drops_the_oldest_connection_of_the_busiest_address(worker: WebWorker, ends: ExitStack) -> None:
    one = connect(worker, ends, "192.0.2.1")
    many = [connect(worker, ends, "192.0.2.2") for _ in range(3)]

    worker._drop_one_of_the_greediest()

    assert is_open(one)
    assert [is_open(end) for end in many] == [False, True, True]


def test_requests_beyond_the_memory_limit_are_dropped(
    worker: WebWorker, ends: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_worker, "IN_MEMORY", 1000)
    heavy, light = connect(worker, ends, "192.0.2.1"), connect(worker, ends, "192.0.2.2")
    for end, size in ((heavy, 2000), (light, 100)):
        end.sendall(b"POST / HTTP/1.1\r\nContent-Length: 9000\r\n\r\n".ljust(size))
    for key, _ in worker.poller.select(1):
        key.data(key.fileobj)

    worker.murder_pending()

    assert not is_open(heavy)
    assert is_open(light)


def test_large_bodies_take_turns_with_a_limit_per_address(
    worker: WebWorker, ends: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Connection] = []
    running: Future[object] = Future()
    monkeypatch.setattr(worker, "handle", lambda conn: None)
    monkeypatch.setattr(worker.large_pool, "submit", lambda act, conn: started.append(conn) or running)
    for address in ["192.0.2.1"] * 6 + ["192.0.2.2"] * 6:
        connect(worker, ends, address).sendall(b"POST / HTTP/1.1\r\nContent-Length: 900000\r\n\r\n")
        for key, _ in worker.poller.select(1):
            key.data(key.fileobj)

    assert [conn.group for conn in started] == ["192.0.2.1"] * 4 + ["192.0.2.2"] * 4
    assert len(worker.large_waiting) == 4
    worker.large_waiting[0].until = 0
    worker.murder_pending()
    assert len(worker.large_waiting) == 3
    for conn in [*worker.large_waiting, *started]:
        conn.sock.close()


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
    ],
)
def test_connections_are_counted_by_address_or_ipv6_network(address: str, group: str, settings: Any) -> None:
    assert group_of((address, 50_000)) == group
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert group_of((address, 50_000)) == "", "they are all the proxy's"


def test_unix_socket_has_no_address() -> None:
    assert group_of(b"") == ""


def test_thread_gives_up_on_a_slow_body(ends: ExitStack) -> None:
    here, there = socket.socketpair()
    ends.enter_context(there)
    sock = ends.enter_context(ClientSocket(here))
    sock.setblocking(True)
    there.sendall(b"ab")
    assert sock.recv(1) == b"a"

    sock._started -= 3600

    with pytest.raises(ConnectionResetError):
        sock.recv(1)
