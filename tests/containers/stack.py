"""compose.yaml as it is, brought up in a copy of the checkout, with what an operator's folder has beside it."""

import base64
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tavusweb.data_folder import PROJECT
from tests.services import free_port

OWNER = "maria@example.com"
SERVICES = {"web": 2, "worker": 2, "proxy": 1, "postgres": 1, "redis": 1}
PLANTED = ("var/secrets.env", ".env.old", "id_rsa", "tavusweb/.env", "tavusweb/secrets.env", ".git/config")
UP = 180.0  # seconds in which a slow machine has everything running


def compose_command() -> list[str]:
    """Compose as a plugin of docker, or the program that Debian packages."""
    version = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return ["docker", "compose"] if version.returncode == 0 else ["docker-compose"]


def docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def until(condition: Callable[[], object], within: float = UP) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {condition}"
        time.sleep(0.5)


class Stack:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = f"tavusweb{secrets.token_hex(4)}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.secrets = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "POSTGRES_PASSWORD": secrets.token_hex(24),
            "OWNER_PASSWORD": secrets.token_urlsafe(16),
        }
        self.planted = secrets.token_hex(24)  # in files that lie about in a folder, and belong into no image
        # What a shell of ours sets must not reach Compose, which prefers it to .env.
        passed_on = ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY")
        self.env = {name: os.environ[name] for name in passed_on if name in os.environ}

    def fill(self) -> None:
        """Copy the checkout, and lay secrets beside and between its files."""
        listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
        for name in listed.splitlines():
            if (PROJECT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / name, self.folder / name)
        settings = {"SITE_URL": self.url, "PORT": self.port, "OWNER_EMAIL": OWNER, "SANDBOX_RENDER_SECONDS": 2}
        lines = [f"{name}={value}\n" for name, value in (settings | self.secrets).items()]
        (self.folder / ".env").write_text("".join(lines))
        for name in PLANTED:
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(self.planted)

    def compose(self, *arguments: str) -> str:
        done = subprocess.run(
            [*compose_command(), "-p", self.project, *arguments],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def objects(self, kind: str) -> list[str]:
        """What Compose made for this project: `container`, `volume` or `network`."""
        every = ["--all"] if kind == "container" else []
        return docker(
            kind, "ls", *every, "--quiet", "--filter", f"label=com.docker.compose.project={self.project}"
        ).split()

    def containers(self, service: str) -> list[dict[str, Any]]:
        labels = [f"project={self.project}", f"service={service}"]
        filters = [word for label in labels for word in ("--filter", f"label=com.docker.compose.{label}")]
        ids = docker("ps", "--all", "--quiet", *filters).split()
        made: list[dict[str, Any]] = json.loads(docker("inspect", *ids)) if ids else []
        return made

    def is_healthy(self) -> bool:
        return all(
            [each["State"].get("Health", {}).get("Status") for each in self.containers(service)] == ["healthy"] * number
            for service, number in SERVICES.items()
        )

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def image(self) -> str:
        return str(self.containers("web")[0]["Image"])

    def kill(self, container: dict[str, Any]) -> None:
        """Kill the main process as a crash would. `docker kill` counts as a wish, after which nothing restarts."""
        os.kill(container["State"]["Pid"], signal.SIGKILL)


class Member:
    """The owner in a browser."""

    def __init__(self, stack: Stack) -> None:
        self.browser = httpx.Client(base_url=stack.url, headers={"Referer": f"{stack.url}/"}, timeout=30)
        self.post("/account/login/", "/account/login/", login=OWNER, password=stack.secrets["OWNER_PASSWORD"])

    def post(self, page: str, to: str, **fields: str) -> None:
        shown = self.browser.get(page)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.text)
        assert token, shown.text
        answer = self.browser.post(to, data=fields | {"csrfmiddlewaretoken": token[1]})
        assert answer.status_code == 302, answer.text

    def make(self, title: str) -> str:
        """Ask for a video and return the address of its page."""
        form = "/w/demo/videos/new/"
        shown = self.browser.get(form).text
        video = str(uuid.uuid4())
        key = re.search(r'name="api_key"[^>]*>.*?<option value="(\d+)"', shown, re.DOTALL)
        fields = {"video_id": video, "title": title, "script": "Hello.", "replica_id": "r5a11d0b0c01"}
        self.post(form, form, **fields, **({"api_key": key[1]} if key else {}))
        return f"/w/demo/videos/{video}/"

    def has_ready(self, video: str) -> bool:
        try:
            return self.browser.get(f"{video}download/").status_code == 302
        except httpx.TransportError:
            return False

    def share(self, video: str) -> str:
        """Share a video without a password; return the address for everybody."""
        self.post(video, f"{video}share/")
        match = re.search(r'id="share_link_\d+" readonly value="([^"]+)"', self.browser.get(video).text)
        assert match
        return match[1]
