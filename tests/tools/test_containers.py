import os
import select

import pytest

from tools.audit import COULD_NOT_ASK
from tools.containers import __main__ as containers


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """Replace programs: `commands("iptables", "echo ...")`."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def put(name: str, script: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)

    put("docker", "exit 1")
    return put


@pytest.mark.parametrize(
    ("user", "lacks", "reason"), [(1000, "", "only root can"), (0, "apt-get", "one is made of Debian's packages only")]
)
def test_machine_without_containers_gets_the_reason_in_one_line(monkeypatch, commands, capsys, user, lacks, reason):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(containers.shutil, "which", lambda name: None if name == lacks else f"/nowhere/{name}")

    assert containers.main() == COULD_NOT_ASK

    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert reason in printed


def test_engine_that_does_not_start_is_no_failure_and_leaves_nothing_behind(monkeypatch, commands, capsys, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(containers, "HERE", tmp_path)
    monkeypatch.setattr(containers.tempfile, "mkdtemp", lambda prefix: str(tmp_path / "engine"))
    monkeypatch.setattr(containers.Path, "exists", lambda path: False)
    monkeypatch.setattr(containers, "packages_that_start_nothing", containers.contextlib.nullcontext)
    commands("apt-get", "exit 1")
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine.sh").write_text("echo first; echo 'no overlay in this kernel' >&2; exit 1")

    assert containers.main() == COULD_NOT_ASK

    assert capsys.readouterr().out == "Containers cannot run here: engine.sh failed: no overlay in this kernel.\n"
    assert not os.path.lexists(tmp_path / "engine")


def has_ended(pid: int) -> bool:
    """Wait until a killed process is gone, which can take the kernel a moment."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(process) as file:
        return bool(select.select([file], [], [], 60)[0])


def test_script_that_takes_too_long_is_killed_with_its_children(monkeypatch, tmp_path):
    monkeypatch.setattr(containers, "HERE", tmp_path)
    (tmp_path / "images.sh").write_text("sleep 300 & echo $! > pid; wait")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(containers.CannotRun, match=r"images.sh did not end in time"):
        containers.shell("images.sh", tmp_path, 0, {})

    pid = int((tmp_path / "pid").read_text())
    assert has_ended(pid)


def test_firewall_keeps_rules_that_are_not_the_engines(commands, tmp_path):
    rules = [
        "*filter",
        ":FORWARD DROP [0:0]",
        ":DOCKER-USER - [0:0]",
        "-A FORWARD -j DOCKER-USER",
        "-A INPUT -p icmp -j DROP",
        "COMMIT",
    ]
    (tmp_path / "rules").write_text("\n".join([*rules, ""]))
    commands("ip", "exit 0")
    commands("iptables-save", f"cat {tmp_path}/rules")
    commands("iptables-restore", f"cat > {tmp_path}/restored")
    commands("iptables", f'echo "$@" > {tmp_path}/policy')

    containers.restore_network("ACCEPT")

    assert (tmp_path / "restored").read_text().splitlines() == [rules[0], rules[1], rules[4], rules[5]]
    assert (tmp_path / "policy").read_text() == "-P FORWARD ACCEPT\n"
