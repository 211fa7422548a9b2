"""Gunicorn's threaded worker, changed to give a request to a thread only once it has arrived.

The original reads a request in the thread that answers it, so a few slow clients block the site. Here the main loop
collects requests and sends pending responses; only large bodies are read in threads, in a pool of their own.
"""

import contextlib
import errno
import ipaddress
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from socket import SHUT_WR, socket
from typing import Any

from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker

from tavusweb.launch.client_socket import SLOWEST_IN, SLOWEST_OUT, ClientSocket
from tavusweb.launch.request_head import MAX_HEAD, Head, read_head

HEAD_SECONDS = 10.0  # for a request's head
BODY_SECONDS = 20.0  # for its body, plus time proportional to its size
LARGE_SECONDS = 600.0  # that a large body waits for its turn
LINGER_SECONDS = STOP_SECONDS = 2.0  # for a client to close after the response; for all of them when stopping
SMALL = 512 * 1024  # bytes; the main loop collects bodies up to this size
IN_MEMORY = 64 * 1024 * 1024  # bytes of all incomplete requests together
LARGE_AT_ONCE, LARGE_PER_ADDRESS = 8, 4  # concurrent large bodies; their threads mostly wait
PER_ADDRESS = 32  # unfinished connections per address
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n"
TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class HeadTooLong(Exception): ...


class Connection(TConn):
    """A connection; `until` is its deadline in the main loop."""

    sock: ClientSocket
    parser: Any

    def __init__(self, worker: "WebWorker", sock: ClientSocket, client: Any, server: Any) -> None:
        super().__init__(worker.cfg, sock, client, server)
        self.worker = worker
        self.group = group_of(client)
        self.received = bytearray()
        self.head: Head | None = None
        self.until = 0.0
        self.is_counted = True  # included in `nr_conns`

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self.worker.linger(self)
        else:
            super().close()


def group_of(client: Any) -> str:
    """Return the group in which a connection is counted: its address or IPv6 /64, "" for localhost and proxies."""
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT or not isinstance(client, tuple):
        return ""
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(str(client[0]).partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or address
        if mapped.is_loopback:
            return ""
        return str(ipaddress.ip_network((mapped, 64), strict=False) if mapped.version == 6 else mapped)
    return ""


class WebWorker(ThreadWorker):
    poller: Any
    tpool: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unfinished: dict[Connection, None] = {}  # in the main loop, oldest first
        self.large_waiting: list[Connection] = []
        self.large_running: list[Connection] = []
        self.large_pool = ThreadPoolExecutor(LARGE_AT_ONCE)  # starts threads only on demand

    def accept(self, listener: socket) -> None:
        try:
            accepted, client = listener.accept()
        except OSError as error:  # the client disconnected, or another process was faster
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                self._drop_one_of_the_greediest()
            return
        self.nr_conns += 1
        self.enqueue_req(Connection(self, ClientSocket(accepted), client, listener.getsockname()))
        if self.nr_conns >= self.worker_connections:
            self._drop_one_of_the_greediest()

    # Collecting requests.

    def enqueue_req(self, conn: Connection) -> None:
        """Collect a connection's next request. Its beginning may have been read with the previous one."""
        conn.init()
        conn.sock.setblocking(False)
        conn.received, conn.head = bytearray(conn.parser.unreader.take_buffered()), None
        self._wait(conn, HEAD_SECONDS, EVENT_READ, self._receive)
        same_group = [each for each in self.unfinished if conn.group and each.group == conn.group]
        if len(same_group) > PER_ADDRESS:
            self._give_up(same_group[0])
        self._receive(conn)

    def _receive(self, conn: Connection, _: Any = None) -> None:
        try:
            while not self._is_there(conn):
                data = conn.sock.recv(64 * 1024)
                if not data:
                    raise ConnectionResetError
                conn.received += data
        except BlockingIOError:
            return
        except OSError:
            self._give_up(conn)
        except HeadTooLong:
            self._give_up(conn, TOO_LONG)
        else:
            self._hand_over(conn)

    def _is_there(self, conn: Connection) -> bool:
        """Return whether a thread can take over: the request, or the head of a large one, is complete."""
        if conn.head is None:
            conn.head = read_head(conn.received)
            if conn.head and not self._is_large(conn.head):
                conn.until = time.monotonic() + BODY_SECONDS + conn.head.body / SLOWEST_IN
        head = conn.head
        if head is None and len(conn.received) > MAX_HEAD:
            raise HeadTooLong
        return head is not None and (self._is_large(head) or len(conn.received) >= head.size + head.body)

    @staticmethod
    def _is_large(head: Head) -> bool:
        return head.is_streamed or head.body > SMALL

    def _hand_over(self, conn: Connection) -> None:
        self._leave(conn)
        conn.parser.unreader.unread(bytes(conn.received))
        conn.received = bytearray()
        conn.data_ready = True
        if conn.head and self._is_large(conn.head):
            conn.until = time.monotonic() + LARGE_SECONDS
            self.large_waiting.append(conn)
            self._start_large()
            return
        conn.sock.begin()
        super().enqueue_req(conn)

    def _start_large(self) -> None:
        """Start the next large requests, a few per address, so that nobody takes all slots."""
        for conn in list(self.large_waiting):
            same = sum(each.group == conn.group != "" for each in self.large_running)
            if len(self.large_running) >= LARGE_AT_ONCE or same >= LARGE_PER_ADDRESS:
                continue
            self.large_waiting.remove(conn)
            self.large_running.append(conn)
            conn.sock.begin()
            done = self.large_pool.submit(self.handle, conn)
            done.add_done_callback(partial(self.method_queue.defer, self._finish_large, conn))

    def _finish_large(self, conn: Connection, done: "Future[Any]") -> None:
        self.large_running.remove(conn)
        self.finish_request(conn, done)
        self._start_large()

    # Sending the rest of responses.

    def finish_request(self, conn: Connection, fs: "Future[Any]") -> None:
        if conn.sock.outgoing:
            conn.sock.setblocking(False)
            seconds = BODY_SECONDS + conn.sock.waiting() / SLOWEST_OUT
            self._wait(conn, seconds, EVENT_WRITE, partial(self._send, fs))
        else:
            super().finish_request(conn, fs)

    def _send(self, fs: "Future[Any]", conn: Connection, _: Any = None) -> None:
        try:
            is_done = conn.sock.push()
        except OSError:
            self._give_up(conn)
            return
        if is_done:
            self._leave(conn)
            super().finish_request(conn, fs)

    def linger(self, conn: Connection) -> None:
        """Let the client read the end of the response, which closing with unread input would discard."""
        conn.is_counted = False
        try:
            conn.sock.shutdown(SHUT_WR)
        except OSError:
            conn.close()
            return
        conn.sock.setblocking(False)
        self._wait(conn, LINGER_SECONDS, EVENT_READ, self._discard)

    def _discard(self, conn: Connection, _: Any = None) -> None:
        try:
            is_open = bool(conn.sock.recv(64 * 1024))
        except BlockingIOError:
            is_open = True
        except OSError:
            is_open = False
        if not is_open:
            self._give_up(conn)

    # Deadlines.

    def _wait(self, conn: Connection, seconds: float, event: int, act: Any) -> None:
        conn.until = time.monotonic() + (seconds if self.alive else min(seconds, STOP_SECONDS))
        self.unfinished[conn] = None
        self.poller.register(conn.sock, event, partial(act, conn))

    def _leave(self, conn: Connection) -> None:
        del self.unfinished[conn]
        self.poller.unregister(conn.sock)

    def _give_up(self, conn: Connection, last_word: bytes = b"") -> None:
        if conn in self.unfinished:
            self._leave(conn)
        else:
            self.large_waiting.remove(conn)
        self.nr_conns -= conn.is_counted
        if last_word:
            with contextlib.suppress(OSError):
                conn.sock.send(last_word)
        conn.close()

    def _drop_one_of_the_greediest(self) -> None:
        if self.unfinished:
            [(group, _)] = Counter(each.group for each in self.unfinished).most_common(1)
            self._give_up(next(each for each in self.unfinished if each.group == group))

    def murder_pending(self) -> None:
        """Close connections past their deadline. Called about once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [*self.unfinished, *self.large_waiting]:
            if not self.alive:
                conn.until = min(conn.until, now + STOP_SECONDS)
            if conn.until <= now:
                self._give_up(conn, TOO_BUSY if conn in self.large_waiting else TOO_LATE if conn.received else b"")
        while sum(len(each.received) for each in self.unfinished) > IN_MEMORY:
            self._drop_one_of_the_greediest()
