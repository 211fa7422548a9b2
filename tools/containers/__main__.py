"""Run the container tests, for bin/test, on a running engine or on one started just for them.

The engine and the base images come from Debian's packages, without a registry. Everything started is stopped again.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tools.audit import COULD_NOT_ASK

NICE = shutil.which("nice") or "nice"
HERE = Path(__file__).parent
MAX_SECONDS = 15 * 60.0  # seconds in total
GRACE = 60.0  # of these, for taking everything down


class CannotRun(Exception):
    """Raised with a one-line reason why containers cannot run here."""


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    until = time.monotonic() + MAX_SECONDS - GRACE
    try:
        with engine(until) as host:
            return run_tests(os.environ | {"DOCKER_HOST": host} if host else dict(os.environ), until)
    except CannotRun as reason:
        print(f"Containers cannot run here: {reason}.", flush=True)
        return COULD_NOT_ASK


def run_tests(env: dict[str, str], until: float) -> int:
    """Run the tests; when the time is up, let pytest take its stack down."""
    command = [NICE, sys.executable, "-m", "pytest", "tests/containers"]
    with subprocess.Popen(command, env=env) as tests:
        try:
            return tests.wait(max(1.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"The tests of the containers did not end within {MAX_SECONDS / 60:.0f} minutes.", flush=True)
            tests.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                tests.wait(GRACE / 2)
            return 1
        finally:
            tests.kill()


@contextlib.contextmanager
def engine(until: float) -> Iterator[str]:
    """Provide an engine: "" for one already running, otherwise the address of a temporary one."""
    if os.geteuid() != 0:
        raise CannotRun("only root can start an engine, and kill a container as a crash would")
    if run("docker", "info").returncode == 0:
        yield ""
        return
    if not shutil.which("apt-get"):
        raise CannotRun("no engine answers, and one is made of Debian's packages only")
    if Path("/sys/class/net/docker0").exists():
        raise CannotRun("another engine's network is here, which a second one would take away")
    folder = Path(tempfile.mkdtemp(prefix="tavusweb-engine-"))
    forward = policy_of_forwarding()
    try:
        with packages_that_start_nothing():
            shell("engine.sh", folder, until, {})
        host = f"unix://{folder}/docker.sock"
        shell("images.sh", folder / "images", until, {"DOCKER_HOST": host})
        yield host
    finally:
        end(folder, forward)


def run(program: str, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program to completion, quietly; a missing program counts as failed."""
    command = [shutil.which(program) or program, *arguments]
    try:
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return subprocess.CompletedProcess(command, 127, "", "")


def shell(script: str, folder: Path, until: float, env: dict[str, str]) -> None:
    """Run a script in this folder. Raises CannotRun with its last line if it fails or takes too long."""
    with tempfile.TemporaryFile("w+") as output:
        command = [NICE, "bash", str(HERE / script), str(folder)]
        try:
            with subprocess.Popen(
                command, env=os.environ | env, stdout=output, stderr=output, process_group=0
            ) as running:
                try:
                    code = running.wait(max(1.0, until - time.monotonic()))
                except BaseException:
                    os.killpg(running.pid, signal.SIGKILL)
                    raise
        except subprocess.TimeoutExpired:
            raise CannotRun(f"{script} did not end in time") from None
        if code:
            output.seek(0)
            last = [line.strip() for line in output if line.strip()][-1:] or ["no word of why"]
            raise CannotRun(f"{script} failed: {last[0][:300]}")


@contextlib.contextmanager
def packages_that_start_nothing() -> Iterator[None]:
    """Prevent Debian from starting a second engine, as it does with every installed service."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def policy_of_forwarding() -> str:
    """Return the firewall's forwarding policy, which an engine changes permanently; "" without a firewall."""
    return run("iptables", "-S", "FORWARD").stdout.split("\n", 1)[0].removeprefix("-P FORWARD ")


def end(folder: Path, forward: str) -> None:
    """Stop the engine started in this folder, by its pid, and remove what it leaves on the machine."""
    docker = partial(run, "docker", "--host", f"unix://{folder}/docker.sock")
    pid = Path(folder, "pid")
    if pid.exists():
        number = int(pid.read_text())
        docker("rm", "--force", *docker("ps", "-aq").stdout.split())
        docker("network", "prune", "--force")
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
            wait_for_end_of(number)
        restore_network(forward or "ACCEPT")
    for line in reversed(Path("/proc/mounts").read_text().splitlines()):
        if (place := line.split()[1]).startswith(f"{folder}/"):
            run("umount", "--lazy", place)
    shutil.rmtree(folder, ignore_errors=True)


def wait_for_end_of(number: int) -> None:
    """Raise ProcessLookupError as soon as the process has ended; kill it after twenty seconds."""
    for _ in range(200):
        os.kill(number, 0)
        time.sleep(0.1)
    os.kill(number, signal.SIGKILL)


def restore_network(forward: str) -> None:
    """Remove the engine's bridge and its rules from the firewall."""
    run("ip", "link", "delete", "docker0")
    saved = run("iptables-save").stdout.splitlines()
    others = [line for line in saved if "DOCKER" not in line and "docker0" not in line]
    if others != saved:
        run("iptables-restore", text="\n".join([*others, ""]))
        run("iptables", "-P", "FORWARD", forward)


if __name__ == "__main__":
    sys.exit(main())
