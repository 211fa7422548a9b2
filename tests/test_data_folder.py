import os
import subprocess
import sys
from pathlib import Path

import pytest

from tavusweb import data_folder
from tavusweb.data_folder import LaunchError


@pytest.fixture(autouse=True)
def no_secrets_around(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("FIELD_KEYS", raising=False)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_data_folder_and_secrets_are_readable_only_by_their_owner(tmp_path):
    home = tmp_path / "deep" / "home"

    os.close(data_folder.open_folder(home))
    data_folder.ensure_secrets(home)

    assert mode(home) == 0o700
    assert mode(home / "secrets.env") == 0o600
    assert {name for name, value in data_folder.read_secrets(home).items() if value} == {"SECRET_KEY", "FIELD_KEYS"}


def test_secrets_are_kept_and_loosened_permissions_are_tightened(tmp_path):
    data_folder.create_secrets(tmp_path)
    first = (tmp_path / "secrets.env").read_bytes()
    (tmp_path / "secrets.env").chmod(0o644)

    data_folder.ensure_secrets(tmp_path)

    assert (tmp_path / "secrets.env").read_bytes() == first
    assert mode(tmp_path / "secrets.env") == 0o600


def test_processes_racing_to_create_secrets_share_the_same_ones(tmp_path):
    program = (
        "import sys, pathlib; from tavusweb import data_folder as d; home = pathlib.Path(sys.argv[1]);"
        "sys.stdin.read(1); d.create_secrets(home); print(d.read_secrets(home))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    gate, opener = os.pipe()

    racers = [subprocess.Popen(command, stdin=gate, stdout=subprocess.PIPE, cwd=data_folder.PROJECT) for _ in range(6)]
    os.close(opener)  # releases all of them at once
    seen = {racer.communicate(timeout=30)[0] for racer in racers}
    os.close(gate)

    assert len(seen) == 1
    assert b"SECRET_KEY" in seen.pop()
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.env"]


def test_lost_secrets_of_an_existing_database_are_not_replaced(tmp_path):
    (tmp_path / "tavusweb.sqlite3").touch()

    with pytest.raises(LaunchError, match=r"holds a database but no secrets\.env"):
        data_folder.ensure_secrets(tmp_path)


def test_secrets_in_the_environment_leave_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s")
    monkeypatch.setenv("FIELD_KEYS", "f")

    data_folder.ensure_secrets(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_unwritable_folder_is_reported_in_one_line(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(LaunchError) as refusal:
        data_folder.open_folder(tmp_path / "file" / "home")

    assert str(refusal.value) == (
        f"cannot write to the data folder {tmp_path}/file/home: Not a directory. TAVUSWEB_HOME names another."
    )


def test_second_start_names_the_process_that_holds_the_folder(tmp_path):
    lock = data_folder.open_folder(tmp_path)

    with pytest.raises(LaunchError, match=rf"already running with the data folder .* \(pid {os.getpid()}\)"):
        data_folder.open_folder(tmp_path)

    os.close(lock)
    os.close(data_folder.open_folder(tmp_path))
