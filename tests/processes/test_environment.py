"""Real virtual environments; each test takes several seconds."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tavusweb.data_folder import PROJECT, LaunchError
from tavusweb.launch import environment

METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Create a project that needs one tiny local package, so that nothing is downloaded."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    wheel = tmp_path / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("tiny.py", "answer = 42\n")
        file.writestr("tiny-1.0.dist-info/METADATA", METADATA)
        file.writestr("tiny-1.0.dist-info/WHEEL", WHEEL)
        file.writestr("tiny-1.0.dist-info/RECORD", "tiny.py,,\n")
    line = f"tiny @ {wheel.as_uri()} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    (tmp_path / "project" / "requirements").mkdir(parents=True)
    for name in ("base", "test"):
        (tmp_path / "project" / "requirements" / f"{name}.txt").write_text(f"# {name}\n{line}")
    return tmp_path / "project"


def answer(python: Path) -> str:
    return subprocess.check_output([python, "-c", "import tiny; print(tiny.answer)"], text=True).strip()


def test_environment_is_created_once_and_rebuilt_after_an_interruption(project):
    python = environment.ensure("test", project)
    made_at = (python.parent.parent / "pyvenv.cfg").stat().st_mtime_ns
    assert answer(python) == "42"

    assert environment.ensure("test", project) == python
    assert environment.ensure("base", project) == python  # included in `test`
    assert (project / ".venv" / "pyvenv.cfg").stat().st_mtime_ns == made_at

    (project / ".venv" / environment.STAMP).write_text("unfinished\n")
    (project / ".venv" / "debris").touch()
    (project / ".venv" / "bin" / "python").unlink()
    assert answer(environment.ensure("base", project)) == "42"
    assert not (project / ".venv" / "debris").exists()


def test_more_requirements_are_installed_into_the_same_environment(project):
    environment.ensure("base", project)
    made_at = (project / ".venv" / "pyvenv.cfg").stat().st_mtime_ns
    with (project / "requirements" / "base.txt").open("a") as file:
        file.write("# changed\n")

    environment.ensure("base", project)

    assert (project / ".venv" / "pyvenv.cfg").stat().st_mtime_ns == made_at
    assert (project / ".venv" / environment.LOG).read_text().count("Successfully installed tiny") == 1
    assert answer(project / ".venv" / "bin" / "python") == "42"


def test_two_commands_at_once_create_one_environment(project):
    program = (
        "import sys, pathlib; from tavusweb.launch import environment as e; e.ensure('base', pathlib.Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", program, str(project)]

    both = [subprocess.Popen(command, cwd=PROJECT) for _ in range(2)]
    codes = [process.wait(timeout=120) for process in both]

    assert codes == [0, 0]
    assert (project / ".venv" / environment.LOG).read_text().count("Successfully installed tiny") == 1


def test_package_that_does_not_match_its_hash_is_refused(project):
    requirements = project / "requirements" / "base.txt"
    requirements.write_text(requirements.read_text().split("sha256:")[0] + f"sha256:{'0' * 64}\n")

    with pytest.raises(LaunchError) as refusal:
        environment.ensure("base", project)

    assert str(refusal.value) == (
        "the packages could not be installed: a downloaded package is not the one that was locked "
        f"(all of it: {project}/.venv/setup.log)"
    )


def test_foreign_environment_is_left_alone(project):
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").touch()

    with pytest.raises(LaunchError, match="was not made by bin/start"):
        environment.ensure("base", project)

    assert (project / ".venv" / "bin" / "python").exists()


def test_symlinked_environment_is_left_alone(project: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "kept").touch()
    (project / ".venv").symlink_to(shared)

    with pytest.raises(LaunchError, match="is a symbolic link"):
        environment.ensure("base", project)

    assert (shared / "kept").exists()
