"""The shell scripts: finding a Python and the project."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tavusweb.data_folder import PROJECT

SHELL = shutil.which("sh") or "/bin/sh"


def run(command: Path, *arguments: str, cwd: Path = PROJECT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHELL, str(command), *arguments],
        check=False,
        cwd=cwd,
        env=os.environ | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("name", ["start", "test"])
def test_machine_without_python_gets_a_one_line_error(name, tmp_path):
    done = run(PROJECT / "bin" / name, PATH=str(tmp_path), PYTHON="")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("tavusweb: python3 is not a Python 3.11 or newer.")


def test_outdated_python_is_skipped(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    (tmp_path / "python3.12").symlink_to(shutil.which("python3") or "")

    done = run(PROJECT / "bin" / "start", "--help", PATH=f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin", PYTHON="")

    assert done.returncode == 0, done.stderr


def test_requested_python_is_never_replaced_by_another(tmp_path):
    done = run(PROJECT / "bin" / "start", "--help", PYTHON=str(tmp_path / "none"))

    assert done.returncode == 1
    assert f"{tmp_path}/none is not a Python" in done.stderr


@pytest.mark.parametrize("name", ["start", "test"])
def test_commands_work_from_any_folder_through_links_and_with_spaces(name, tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "absolute").symlink_to(PROJECT / "bin" / name)
    (folder / "relative").symlink_to("absolute")

    done = run(Path("relative"), "--help", cwd=folder)

    assert done.returncode == 0, done.stderr
    assert f"usage: bin/{name}" in done.stdout


def test_relative_data_folder_is_relative_to_the_current_folder(tmp_path):
    (tmp_path / "file").touch()

    done = run(PROJECT / "bin" / "start", cwd=tmp_path, TAVUSWEB_HOME="file/home")

    assert done.returncode == 1
    assert done.stderr.startswith(f"tavusweb: cannot write to the data folder {tmp_path}/file/home: Not a directory.")
