import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tavusweb.data_folder import PROJECT

SCRIPT = Path(__file__).with_name("supervised.py")
OBEDIENT = "echo up $$; exec sleep 600"


@pytest.fixture
def supervise(mark):
    """Run a supervisor over shell scripts, given as name, script and grace period in seconds."""
    started = []

    def start(*services: tuple[str, str, float], limit: int = 5) -> subprocess.Popen[str]:
        described = json.dumps([(name, ["sh", "-c", script], grace) for name, script, grace in services])
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), described, str(limit)],
            env=os.environ | {"TAVUSWEB_TEST_MARK": mark, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=20)


def pid_from(line: str) -> int:
    assert line.startswith("up "), line
    return int(line.split()[1])


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_ends_every_service_and_leaves_no_process(supervise, alive, signal_number):
    process = supervise(("web", OBEDIENT, 10), ("worker", OBEDIENT, 10))
    pid_from(process.stdout.readline())
    pid_from(process.stdout.readline())

    process.send_signal(signal_number)
    output, _ = process.communicate(timeout=20)

    assert (process.returncode, output) == (0, "Stopping.\n")
    assert alive() == set()


def test_service_that_ignores_sigterm_is_killed_after_its_grace_period(supervise, alive):
    process = supervise(("deaf", "trap '' TERM; echo up $$; while :; do sleep 600; done", 0.3))
    pid_from(process.stdout.readline())

    process.terminate()
    output, _ = process.communicate(timeout=20)

    assert process.returncode == 0
    assert "The deaf did not stop within 0.3 s and was killed." in output
    assert alive() == set()


def test_dead_service_is_restarted_and_its_orphans_end(supervise, alive, until):
    process = supervise(("parent", "sleep 600 & echo up $$; wait", 5))
    first = pid_from(process.stdout.readline())
    until(lambda: len(alive()) == 3)
    orphan = (alive() - {first, process.pid}).pop()

    os.kill(first, signal.SIGKILL)

    assert process.stdout.readline() == "The parent was killed by SIGKILL: starting it again.\n"
    second = pid_from(process.stdout.readline())
    assert second != first
    assert orphan not in alive()


def test_service_that_keeps_dying_stops_the_supervisor(supervise, alive):
    process = supervise(("web", OBEDIENT, 5), ("hopeless", "exit 3", 5), limit=2)

    output, _ = process.communicate(timeout=30)

    reports = [line for line in output.splitlines() if line.startswith("The ")]
    assert reports == [
        "The hopeless ended with exit code 3: starting it again.",
        "The hopeless ended with exit code 3: starting it again in 1 s.",
        "The hopeless ended with exit code 3. That makes 3 times within 60 s: stopping everything.",
    ]
    assert process.returncode == 1
    assert alive() == set()


def test_orphaned_grandchildren_are_ended(supervise, alive):
    process = supervise(("careless", "sh -c 'trap \"\" TERM; sleep 600 & sleep 600' & echo up $$; exec sleep 600", 5))
    pid_from(process.stdout.readline())

    process.terminate()
    process.communicate(timeout=20)

    assert process.returncode == 0
    assert alive() == set()


def test_terminal_signal_reaches_only_the_supervisor(supervise, until):
    process = supervise(("worker", "trap 'echo hit' INT; echo up $$; while :; do sleep 600 & wait $!; done", 0.2))
    child = pid_from(process.stdout.readline())

    assert os.getsid(child) == child
    assert os.getpgid(child) != os.getpgid(process.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_children_die_with_a_killed_supervisor(supervise, alive, until):
    process = supervise(("web", OBEDIENT, 5))
    pid_from(process.stdout.readline())

    process.kill()
    process.wait()

    until(lambda: alive() == set())
