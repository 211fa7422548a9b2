import socket

import pytest

from tavusweb.data_folder import LaunchError
from tavusweb.launch import listen


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_port_in_use_is_refused_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(LaunchError) as refusal:
            listen.claim("127.0.0.1", port)

    assert str(refusal.value) == f"port {port} on 127.0.0.1 is taken. PORT names another."


def test_port_can_be_claimed_only_once():
    port = free_port()

    with listen.claim("127.0.0.1", port), pytest.raises(LaunchError, match="is taken"):
        listen.claim("127.0.0.1", port)


def test_lingering_connections_of_the_last_run_do_not_block_the_port():
    port = free_port()
    with listen.claim("127.0.0.1", port) as first, socket.create_connection(("127.0.0.1", port)) as client:
        accepted, _ = first.accept()
        accepted.close()  # the side that closes first keeps the lingering end
        assert client.recv(1) == b""

    with listen.claim("127.0.0.1", port) as second:
        assert second.getsockname()[1] == port


@pytest.mark.parametrize("port", ["eighty", "-1", "0", "65536", "80.5"])
def test_invalid_port_is_named_in_the_error(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(LaunchError, match="it has to be a number from 1 to 65535"):
        listen.wanted()


def test_host_of_another_machine_is_refused_in_one_line():
    with pytest.raises(LaunchError, match=r"cannot listen on 192\.0\.2\.1 port 8000: "):
        listen.claim("192.0.2.1", 8000)
