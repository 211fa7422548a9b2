"""Start Debian's PostgreSQL and Redis on free loopback ports for as long as tests need them."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tools.installed import find_postgres

READY_WITHIN = 30.0  # seconds
SERVER_USER = "postgres"  # PostgreSQL refuses to run as root; Debian's package creates this user


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Server:
    """A server process and its data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    command: list[str]
    as_user: dict[str, Any] = {}

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.as_user,
            )
        deadline = time.monotonic() + READY_WITHIN
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.command[0]} does not start:\n{(self.folder / 'server.log').read_text()}")
            time.sleep(0.05)

    def end(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(timeout=30)
            self.process = None

    def answers(self) -> bool:
        raise NotImplementedError


class Postgres(Server):
    """A separate cluster with one empty database."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        programs = find_postgres()
        if programs is None:
            raise RuntimeError("PostgreSQL is not installed")
        if os.geteuid() == 0:
            user = pwd.getpwnam(SERVER_USER)
            self.as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", "tavusweb", "-E", "UTF8", "--auth=trust", "--no-sync"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            **self.as_user,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stderr}")
        # Without fsync: these tests kill the server, not the machine.
        here = ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        self.command = [str(programs / "postgres"), "-D", str(data), *here, "-c", "fsync=off"]
        self.start()
        with psycopg.connect(f"{self._at}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE tavusweb")

    @property
    def _at(self) -> str:
        return f"postgres://tavusweb@127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self._at}/tavusweb"

    def answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(f"{self._at}/postgres", connect_timeout=2):
            return True
        return False

    def crash(self) -> None:
        """Stop like `pg_ctl stop -m immediate`: connections break, and the next start has to recover."""
        self.end(signal.SIGQUIT)

    def stop(self) -> None:
        self.end(signal.SIGINT)


class Redis(Server):
    """A Redis without persistence."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("Redis is not installed")
        self.command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        return False

    def crash(self) -> None:
        """Kill it, so that all its data is lost."""
        self.end(signal.SIGKILL)

    def stop(self) -> None:
        self.end(signal.SIGTERM)


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    with _folder() as folder:
        server = Postgres(folder)
        try:
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def redis() -> Iterator[Redis]:
    with _folder() as folder:
        server = Redis(folder)
        try:
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tavusweb-service-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)  # PostgreSQL runs as another user
        yield Path(name)
