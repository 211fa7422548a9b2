"""Slow clients on real sockets without cookies: the site keeps serving everyone else."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser.site import OWNER, PASSWORD, Site

CROWD = 48  # both processes together have eight threads
BIG = 8_000_000  # bytes: more than the system buffers for a client that does not read


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = Path(tmp_path_factory.mktemp("slow"))
    site = Site(home)
    site.start()
    yield site
    site.stop()


Crowd = Callable[..., list[socket.socket]]


@pytest.fixture
def crowd(site: Site) -> Iterator[Crowd]:
    """`crowd(bytes)`: open CROWD connections that each send this and nothing more."""
    with contextlib.ExitStack() as opened:

        def come(sent: bytes, count: int = CROWD, receive_buffer: int = 0) -> list[socket.socket]:
            host, _, port = site.url.removeprefix("http://").partition(":")
            received = []
            for _ in range(count):
                client = opened.enter_context(socket.socket())
                if receive_buffer:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
                client.settimeout(60)
                client.connect((host, int(port)))
                client.sendall(sent)
                received.append(client)
            return received

        yield come


def serves_everybody_else(site: Site) -> bool:
    """Check several pages, each on its own connection, and a sign-in."""
    for path in ["/healthz", "/account/login/"] * 4:
        assert httpx.get(site.url + path, timeout=8).status_code == 200
    with httpx.Client(base_url=site.url, timeout=8) as owner:
        owner.get("/account/login/")
        fields = {"login": OWNER, "password": PASSWORD, "csrfmiddlewaretoken": owner.cookies["csrftoken"]}
        return owner.post("/account/login/", data=fields, headers={"referer": site.url}).status_code == 302


BODY = b"POST /callbacks/x/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n{"
SLOW = {
    "nothing at all": b"",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-",
    "half a body": BODY,
    "half a large body": BODY.replace(b"60000", b"60000000"),
    "half a chunk": BODY.replace(b"Content-Length: 60000", b"Transfer-Encoding: chunked") + b"10\r\nx",
    "a body that waits to be asked for": BODY.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"),
    "a whole request and half a second one": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /he",
    "an answer that ends the connection, which stays open": b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n",
    "a refused request, and its connection stays open": b"NONSENSE\r\n\r\n",
}


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_crowd_of_slow_clients_blocks_nobody(sent: bytes, site: Site, crowd: Crowd) -> None:
    crowd(sent)

    assert serves_everybody_else(site)


def test_clients_that_drip_bytes_block_nobody(site: Site, crowd: Crowd) -> None:
    clients = crowd(BODY)

    for _ in range(5):
        for client in clients:
            client.sendall(b" ")
        assert httpx.get(f"{site.url}/healthz", timeout=8).status_code == 200


def test_clients_that_do_not_read_their_response_block_nobody(site: Site, crowd: Crowd) -> None:
    path = site.seed("recording", BIG)  # a public link

    readers = crowd(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode(), receive_buffer=4096)

    assert serves_everybody_else(site)
    got = b""
    while len(got) < BIG:
        data = readers[0].recv(1 << 20)
        assert data, "it was cut off"
        got += data


def test_missing_request_head_gets_408_and_is_closed(site: Site, crowd: Crowd) -> None:
    [client] = crowd(SLOW["half a head"], count=1)

    assert client.recv(100).startswith(b"HTTP/1.1 408 ")
    assert client.recv(100) == b""


def test_endless_request_head_is_refused(site: Site, crowd: Crowd) -> None:
    [client] = crowd(b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, count=1)

    assert client.recv(100).startswith(b"HTTP/1.1 431 ")


def test_body_sent_in_pieces_is_accepted(site: Site, crowd: Crowd) -> None:
    [client] = crowd(b"POST /callbacks/x/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Len", count=1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for piece in (b"gth: 4\r\n", b"\r\n{", b"  ", b"}GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"):
        client.sendall(piece)

    answers = b"".join(iter(lambda: client.recv(4096), b""))

    assert answers.startswith(b"HTTP/1.1 204 ")
    assert b" 200 OK" in answers, "the second request, sent together with the first's last byte"


def test_too_many_connections_close_the_oldest_and_the_site_keeps_serving(site: Site, crowd: Crowd) -> None:
    crowd(SLOW["half a head"], count=900)

    assert serves_everybody_else(site)
    assert not site.crashes()
