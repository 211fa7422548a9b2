"""The virtual environment in `.venv`, created from the locked requirements. Standard library only.

A stamp records the Python and the completely installed requirement files. A stamp without any marks an unfinished
environment, which is rebuilt. A `.venv` without a stamp belongs to someone else and is left alone.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tavusweb.data_folder import PROJECT, LaunchError
from tavusweb.parentage import die_with_parent

STAMP = ".tavusweb"
LOG = "setup.log"


def ensure(name: str, project: Path = PROJECT) -> Path:
    """Return the Python of an environment with `requirements/<name>.txt`, creating it if needed.

    `test` includes `base`. Raises LaunchError with a one-line message.
    """
    venv = project / ".venv"
    if venv.is_symlink():
        raise LaunchError(
            f"{venv} is a symbolic link to what others may use. Remove it: a new environment is created in its place."
        )
    with _alone(project):
        stamp = _read(venv / STAMP)
        wanted = {file: _digest(project / "requirements" / f"{file}.txt") for file in _contained_in(name)}
        is_whole = stamp[:1] == [_interpreter(venv)]
        if not is_whole or wanted[name] not in stamp:
            print("Setting up the Python environment in .venv (once, about a minute).", flush=True)
            if not is_whole:
                _make(venv)
            _stamp(venv, "unfinished")
            _install(venv, project / "requirements" / f"{name}.txt")
            _stamp(venv, _interpreter(venv), *wanted.values())
    return venv / "bin" / "python"


def _contained_in(name: str) -> list[str]:
    return {"base": ["base"], "test": ["base", "test"]}[name]


def _interpreter(venv: Path) -> str:
    """Return what an environment depends on: its Python, and its own path, which its scripts contain."""
    return f"{sys.implementation.cache_tag} {sys.base_prefix} {venv}"


def _read(stamp: Path) -> list[str]:
    try:
        return stamp.read_text().splitlines()
    except OSError:
        return []


def _stamp(venv: Path, *lines: str) -> None:
    draft = venv / f"{STAMP}.new"
    draft.write_text("\n".join(lines) + "\n")
    draft.replace(venv / STAMP)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@contextmanager
def _alone(project: Path) -> Iterator[int]:
    """Hold the lock for setting up `.venv`: the project folder itself."""
    descriptor = os.open(project, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another bin/start or bin/test is setting up .venv: waiting for it.", flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _make(venv: Path) -> None:
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        raise LaunchError(
            f"this Python ({sys.executable}) cannot make virtual environments. "
            f"Debian and Ubuntu keep that apart: apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        )
    if venv.exists() and not (venv / STAMP).exists() and any(venv.iterdir()):
        raise LaunchError(f"{venv} was not made by bin/start, which keeps its own there. Move it away.")
    try:
        venv.mkdir(exist_ok=True)
        _stamp(venv, "unfinished")  # first, so that it is recognised as ours even if we are killed now
        for entry in venv.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name != STAMP:
                entry.unlink()
    except OSError as error:
        raise LaunchError(f"cannot make {venv}: {error.strerror}.") from error
    # Not sys.executable: in an activated environment that is the environment's own.
    python = getattr(sys, "_base_executable", None) or sys.executable
    _run([python, "-m", "venv", str(venv)], venv / LOG, "the environment could not be made")


def _install(venv: Path, requirements: Path) -> None:
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    command = [*pip, "--disable-pip-version-check", "--progress-bar=off", "-r", str(requirements)]
    _run(command, venv / LOG, "the packages could not be installed")


def _run(command: list[str], log: Path, failure: str) -> None:
    us = os.getpid()
    try:
        with log.open("a") as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: die_with_parent(us),
                check=False,
            )
    except OSError as error:
        raise LaunchError(f"{failure}: {error.strerror}.") from error
    if done.returncode:
        raise LaunchError(f"{failure}: {_reason(log.read_text(errors='replace'))} (all of it: {log})")


def _reason(output: str) -> str:
    """Pick the most informative line of pip's output."""
    if "DO NOT MATCH THE HASHES" in output:
        return "a downloaded package is not the one that was locked"
    if any(words in output for words in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")):
        return "the package index cannot be reached from here"
    lines = [line.removeprefix("ERROR: ").strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR: ")]
    return (errors[:1] or lines[-1:] or ["no reason given"])[0]
