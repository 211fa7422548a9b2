"""The program as bin/start runs it: a real web server and worker with their own data."""

import base64
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tavusweb.data_folder import PROJECT
from tests.launch.marked import MARK, running

UP = 60.0  # seconds in which even a slow machine has everything running
OWNER = "maria@example.com"
PASSWORD = "a-long-password-7"
RENDER_SECONDS = 6.0


class Site:
    def __init__(self, home: Path, **environment: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.mark = secrets.token_hex(8)
        self.log = home / "log.txt"
        self._env = {name: value for name, value in os.environ.items() if name not in {"TAVUS_API_URL", "DEBUG"}} | {
            "TAVUSWEB_HOME": str(home),
            "PORT": str(port),
            "SITE_URL": self.url,
            "SANDBOX": "1",
            "WORKSPACES_PER_PERSON": "1000",  # one for each test
            "SANDBOX_API_URL": f"{self.url}/sandbox",
            "SANDBOX_RENDER_SECONDS": str(RENDER_SECONDS),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "OWNER_EMAIL": OWNER,
            "OWNER_PASSWORD": PASSWORD,
            "PYTHONUNBUFFERED": "1",
            MARK: self.mark,
            **environment,
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self._python("-m", "tavusweb.launch.upgrade")
        self._processes = [self._begin("-m", "tavusweb.engine.worker")]
        self.start_web()

    def start_web(self) -> None:
        bind = self.url.removeprefix("http://")
        command = ("-m", "gunicorn", "--config", "python:tavusweb.launch.gunicorn_conf", "--bind", bind)
        self._processes.append(self._begin(*command))
        deadline = time.monotonic() + UP
        while not self._is_ready():
            assert time.monotonic() < deadline, f"The site did not come up:\n{self.log.read_text()}"
            assert all(process.poll() is None for process in self._processes), self.log.read_text()
            time.sleep(0.1)

    def stop_web(self) -> None:
        """End the web server as an upgrade does, and wait until it has."""
        web = self._processes.pop()
        web.terminate()
        assert web.wait(timeout=40) == 0, self.log.read_text()

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        codes = [process.wait(timeout=40) for process in self._processes]
        self._processes = []
        assert codes == [0] * len(codes), self.log.read_text()
        assert not running(self.mark)

    def restart(self) -> None:
        self.stop()
        self.start()

    def seed(self, name: str, *arguments: object, module: str = "seeds") -> Any:
        """Call a function of seeds.py, or of another module beside it, inside the site; return its result."""
        call = f"import json; from tests.browser import {module} as m; print(json.dumps(m.{name}(*{arguments!r})))"
        return json.loads(self._python("manage.py", "shell", "--verbosity", "0", "-c", call))

    def crashes(self) -> list[str]:
        """Return the errors in the site's log, without those that the sandbox was asked to simulate."""
        lines = re.findall(r"^(?:Traceback|.* (?:ERROR|CRITICAL) ).*", self.log.read_text(), re.MULTILINE)
        return [line for line in lines if "/sandbox/v2/" not in line]

    def _begin(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen([sys.executable, *arguments], cwd=PROJECT, env=self._env, stdout=log, stderr=log)

    def _python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=PROJECT, env=self._env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
