"""A whole site for one run: data folder, provider, web server and workers, each in its own process."""

import base64
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tavusweb.data_folder import PROJECT
from tests.services import free_port

DISK = "96m"  # the data folder with its static files takes about 20


def keys(number: int) -> list[str]:
    """So many API keys, each with an end of its own."""
    return [f"chaos-key-account-{1001 + each}" for each in range(number)]


class Site:
    def __init__(self, folder: Path, home: Path, *, has_small_disk: bool, env: dict[str, str]) -> None:
        self.folder = folder
        self.home = home
        self.has_small_disk = has_small_disk
        self.ledger = folder / "provider.jsonl"
        self.web_port, self.provider_port = free_port(), free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("TAVUS", "SANDBOX"))}
        self.env = environment | {
            "DJANGO_SETTINGS_MODULE": "tavusweb.settings",
            "TAVUSWEB_HOME": str(home),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "PORT": str(self.web_port),
            "SITE_URL": "http://videos.example.org",  # looks public, so that callbacks are asked for
            "ALLOWED_HOSTS": "127.0.0.1 localhost",
            "TAVUS_API_URL": f"http://127.0.0.1:{self.provider_port}",
            "SANDBOX": "0",
            "OWNER_EMAIL": "operator@example.com",
            "OWNER_PASSWORD": secrets.token_urlsafe(12),
            "PYTHONUNBUFFERED": "1",
            **env,
        }

    def prepare(self) -> None:
        subprocess.run([sys.executable, "-m", "tavusweb.launch.upgrade"], env=self.env, cwd=PROJECT, check=True)

    def start(self, *, workers: int, seed: int, slots: int, keys: list[str]) -> None:
        to = f"http://127.0.0.1:{self.web_port}"
        options = ["--port", str(self.provider_port), "--log", str(self.ledger), "--seed", str(seed)]
        options += ["--slots", str(slots), "--callbacks", to, "--keys", *keys]
        self._run("provider", "tests.chaos.provider", *options)
        self._run("web", "tests.chaos.supervised", "web", str(self.web_port))
        for number in range(1, workers + 1):
            self._run(f"worker-{number}", "tests.chaos.supervised", "worker", str(self.web_port))
        self._until_it_answers(self.provider_port)
        self._until_it_answers(self.web_port)

    def _run(self, name: str, module: str, *options: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, *options],
                env=self.env,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _until_it_answers(self, port: int, within: float = 30.0) -> None:
        deadline = time.monotonic() + within
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"nothing answers on port {port}; {self.folder} holds the logs")
            time.sleep(0.1)

    def steer_provider(self, *words: str) -> None:
        url = f"http://127.0.0.1:{self.provider_port}/chaos/{'/'.join(words)}"
        urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=5).close()

    def supervisors(self) -> list[int]:
        return [process.pid for name, process in self.processes.items() if name.startswith("worker")]

    def stop(self) -> None:
        """The workers first, so that the provider's log is whole when it ends."""
        for name in sorted(self.processes, reverse=True):
            process = self.processes[name]
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def site(env: dict[str, str]) -> Iterator[Site]:
    """A new folder for a site; its data folder on a small disk of its own, where we may mount one."""
    folder = Path(tempfile.mkdtemp(prefix="tavusweb-chaos-"))
    home = folder / "home"
    home.mkdir(mode=0o700)
    is_mounted = _mount(home)
    try:
        yield (made := Site(folder, home, has_small_disk=is_mounted, env=env))
        made.stop()
    except BaseException:
        made.stop()
        raise
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", home], check=False)


def _mount(place: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", str(place)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
