"""An instance to measure, with a provider, its own database, and every piece of work in a fresh process."""

import base64
import json
import os
import secrets
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any, Self

PROJECT = Path(__file__).resolve().parent.parent


class Instance:
    """An instance; `database` is the URL of an empty database, or "" for SQLite in the data folder, as in bin/start."""

    def __init__(self, home: Path, *, database: str = "") -> None:
        self.home = home
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("TAVUS")} | {
            "TAVUSWEB_HOME": str(home),
            "DATABASE_URL": database,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "PYTHONUNBUFFERED": "1",
        }

    def __enter__(self) -> Self:
        self.provider = subprocess.Popen(
            [sys.executable, "-m", "bench.provider"], cwd=PROJECT, env=self.env, stdout=subprocess.PIPE, text=True
        )
        assert self.provider.stdout
        self.url = self.provider.stdout.readline().strip()
        self.env["TAVUS_API_URL"] = self.url
        return self

    def __exit__(self, *error: object) -> None:
        self.provider.terminate()
        self.provider.wait()

    def run(self, module: str, *arguments: object) -> str:
        """Run a module to completion in its own process; return its output."""
        command = [sys.executable, "-m", module, *map(str, arguments)]
        done = subprocess.run(command, cwd=PROJECT, env=self.env, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def measure(self, module: str, *arguments: object, **plan: object) -> dict[str, Any]:
        """Set the provider to `plan`, run a module, and add the provider's request counts to its figures."""
        self.ask(**plan)
        figures: dict[str, Any] = json.loads(self.run(module, *arguments))
        return figures | {"asked": self.ask()["asked"]}

    def ask(self, **plan: object) -> dict[str, Any]:
        """Return the provider's request counts; with a plan, reset it first."""
        body = json.dumps(plan).encode() if plan else None
        with urllib.request.urlopen(f"{self.url}/bench/{'plan' if plan else 'count'}", body, timeout=60) as answer:
            counted: dict[str, Any] = json.load(answer)
        return counted
