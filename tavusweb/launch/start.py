"""bin/start: set up what is missing, then run the web server and the worker until stopped.

Standard library only: it runs with the machine's own Python, and everything else in the environment it made.
"""

import argparse
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tavusweb.data_folder import LaunchError, data_folder, ensure_secrets, open_folder
from tavusweb.launch import environment, listen, readiness_watch
from tavusweb.launch.processes import Service
from tavusweb.launch.supervisor import Supervisor
from tavusweb.launch.upgrade import REPORTED
from tavusweb.parentage import die_with_parent

FIRST_LOGIN = "TAVUSWEB_FIRST_LOGIN"  # the number of a file descriptor
say = partial(print, flush=True)


def main() -> int:
    argparse.ArgumentParser(
        prog="bin/start", description="Start tavusweb. docs/operators.md tells what to set."
    ).parse_args()
    signal.signal(signal.SIGTERM, _leave)  # the default would orphan the upgrade process
    password = take_owner_password()
    try:
        return run(password)
    except LaunchError as reason:
        print(f"tavusweb: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def take_owner_password() -> str:
    """Read OWNER_PASSWORD from the file descriptor that bin/start opened, instead of the environment."""
    if pipe := os.environ.pop(FIRST_LOGIN, ""):
        with os.fdopen(int(pipe), "rb") as left:
            return left.read().decode(errors="surrogateescape").removesuffix("\n")
    return os.environ.pop("OWNER_PASSWORD", "")


def run(owner_password: str = "") -> int:
    home = data_folder()
    lock = open_folder(home)
    host, port = listen.wanted()
    listen.claim(host, port).close()  # check before anything else starts
    python = environment.ensure("base")
    os.umask(0o077)  # database and uploads are readable only by the owner
    ensure_secrets(home)
    env = os.environ | {"TAVUSWEB_HOME": str(home), "HOST": host, "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    prepare(python, env, owner_password)

    with listen.claim(host, port) as listener:
        services = [
            # This process owns the socket, so that no visitor is refused while the web server restarts.
            Service(
                "web server",
                [
                    str(python),
                    "-m",
                    "gunicorn",
                    "--config",
                    "python:tavusweb.launch.gunicorn_conf",
                    "--bind",
                    f"fd://{listener.fileno()}",
                ],
                grace=15,
                env=env,
                keep_open=(listener.fileno(),),
            ),
            Service("worker", [str(python), "-m", "tavusweb.engine.worker"], grace=20, env=env),
        ]
        loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        url = os.environ.get("SITE_URL") or f"http://{f'[{loopback}]' if ':' in loopback else loopback}:{port}"
        watch = readiness_watch.HealthWatch(partial(readiness_watch.read, loopback, port), url, say)
        code = Supervisor(services, watch=watch, say=say).run()
    os.close(lock)
    return code


def prepare(python: Path, env: dict[str, str], owner_password: str) -> None:
    """Update the database and the static files in the environment that was created."""
    us = os.getpid()
    done = subprocess.run(
        [python, "-m", "tavusweb.launch.upgrade", "--owner-password-from-input"],
        env=env,
        input=owner_password.encode(errors="surrogateescape"),
        preexec_fn=lambda: die_with_parent(us),
        check=False,
    )
    if done.returncode == REPORTED:
        sys.exit(1)
    if done.returncode:
        raise LaunchError(f"preparing the site broke off (exit code {done.returncode}); what is above tells where.")


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
