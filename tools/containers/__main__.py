"""For bin/test: the tests of the containers, on the engine that is there or on one that is started for them alone.

The engine and the base images come from Debian's packages, without a registry. Everything started is ended again.
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
MAX_SECONDS = 15 * 60.0  # seconds, all in all
GRACE = 60.0  # of them: for taking everything down


class CannotRun(Exception):
    """A reason, in one line, why there are no containers here."""


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
    """Run them, and let pytest take its stack down when the time is up."""
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
    """The address of an engine: "" for one that answers already, else of one that lives as long as this."""
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
    """Run a program to its end, quietly; one that is not installed is one that fails."""
    command = [shutil.which(program) or program, *arguments]
    try:
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return subprocess.CompletedProcess(command, 127, "", "")


def shell(script: str, folder: Path, until: float, env: dict[str, str]) -> None:
    """Run a script of this folder. Raises CannotRun with its last line when it fails or takes too long."""
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
    """Keep Debian from starting a second engine, as it does with every service that it installs."""
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
    """The firewall's word on forwarded packets, which an engine changes and leaves changed; "" without a firewall."""
    return run("iptables", "-S", "FORWARD").stdout.split("\n", 1)[0].removeprefix("-P FORWARD ")


def end(folder: Path, forward: str) -> None:
    """End the engine that was started in this folder, by its number, and remove what it leaves on the machine."""
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
    """Raises ProcessLookupError as soon as it has ended; kills it after twenty seconds."""
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
