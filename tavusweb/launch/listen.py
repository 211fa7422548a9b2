"""The web server's listening socket. Standard library only."""

import errno
import os
import socket

from tavusweb.data_folder import LaunchError


def claim(host: str, port: int) -> socket.socket:
    """Open the listening socket; only one process can. Raises LaunchError with a one-line message.

    SO_REUSEADDR only ignores connections that linger from an earlier run. An address in use is still refused,
    but only by `listen`: two processes can bind it.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise LaunchError(f"port {port} on {host} is taken. PORT names another.") from error
        raise LaunchError(f"cannot listen on {host} port {port}: {error.strerror}.") from error
    return listener


def wanted() -> tuple[str, int]:
    """Read HOST and PORT. Raises LaunchError."""
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LaunchError(f"PORT is {text!r}; it has to be a number from 1 to 65535.")
    return os.environ.get("HOST", "").strip() or "127.0.0.1", int(text)
