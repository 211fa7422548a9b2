"""bin/test: set up the environment and run every check that can run here, reporting each and skipping none silently.

Standard library only: it runs with the machine's own Python.
"""

import argparse
import base64
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby

from tavusweb.data_folder import PROJECT, LaunchError
from tavusweb.launch import environment
from tools.audit import COULD_NOT_ASK
from tools.installed import find_chromium, find_nginx, is_required, missing_services

say = partial(print, flush=True)
FAULTS = "fault programme"
THOROUGH = "thorough tests"
CONTAINERS = "tests of the containers"
# Tests of concurrency and of database constraints.
ROOMS = "accounts audit notify workspaces keys videos engine reviews sharing library inbox team scenarios"
ON_SERVICES = tuple(f"tests/{room}" for room in ROOMS.split())
# Each worker starts servers and a browser of its own; one that is done takes tests over from the other.
PARALLEL = ("pytest", "-n", "2", "--dist", "worksteal")


@dataclass(frozen=True)
class Step:
    """One command to run or, without a command, the reason why not."""

    title: str
    command: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    not_run: str = ""
    is_required: bool = False
    is_quiet: bool = False  # says little and uses one core: two such steps run at a time


@dataclass(frozen=True)
class Took:
    """A step's exit code and seconds: wall clock, and processor time including child processes."""

    title: str
    wall: float
    processor: float
    code: int = 0
    output: bytes = b""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bin/test", description="Run every check that can run here; with arguments, pytest alone with those."
    )
    parser.add_argument(
        "--fast", action="store_true", help="leave out the thorough tests, the browser and the real processes"
    )
    parser.add_argument("--chaos", action="store_true", help="run the fault programme alone and in full: 500 videos")
    parser.add_argument("--containers", action="store_true", help="bring compose.yaml up alone, on an engine; as root")
    options, arguments = parser.parse_known_args()
    try:
        venv = environment.ensure("test").parent
    except LaunchError as reason:
        print(f"tavusweb: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    with tempfile.TemporaryDirectory(prefix="tavusweb-test-") as home:
        env = os.environ | {"TAVUSWEB_HOME": home, "PATH": f"{venv}{os.pathsep}{os.environ.get('PATH', '')}"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # otherwise every worker compiles every test in every run
        try:
            if arguments:
                return subprocess.run([str(venv / "pytest"), *arguments], env=env, check=False).returncode
            return run(chosen(options), env)
        except KeyboardInterrupt:
            return 130


def chosen(options: argparse.Namespace) -> list[Step]:
    """Yield the steps for these options."""
    alone = [*faults()] if options.chaos else []
    if options.containers:
        alone.append(Step(CONTAINERS, ("python", "-m", "tools.containers")))
    left_out = Step(CONTAINERS, not_run="bin/test --containers runs them")
    quiet = [replace(step, is_quiet=bool(step.command)) for step in checks()]
    return alone or [*quiet, *tests(fast=options.fast), left_out]


def run(steps: list[Step], env: Mapping[str, str]) -> int:
    """Run every step, even after a failure, and print a summary."""
    failed, left_out, all_took = [], [], []
    for step, took in _results(steps, env):
        if step.command:
            all_took.append(took)
        if took.code == COULD_NOT_ASK:
            left_out.append(f"{step.title} ({step.not_run or 'no response; see above'})")
        if took.code and (took.code != COULD_NOT_ASK or step.is_required):
            failed.append(step.title)
    say()
    _say_what_it_took(all_took)
    if left_out:
        say(f"Did not run: {'; '.join(left_out)}.")
    say(f"Failed: {'; '.join(failed)}." if failed else "Everything that ran passed.")
    return 1 if failed else 0


def _say_what_it_took(took: list[Took]) -> None:
    """Print a table of times, so that slow steps are noticed."""
    if not took:
        return
    total = Took("total", sum(each.wall for each in took), sum(each.processor for each in took))
    width = max(len(each.title) for each in (*took, total))
    say(f"{'Seconds':{width}}  {'clock':>7}  {'processor':>9}")
    for each in (*took, total):
        say(f"{each.title:{width}}  {each.wall:7.1f}  {each.processor:9.1f}")
    say()


def _results(steps: list[Step], env: Mapping[str, str]) -> Iterator[tuple[Step, Took]]:
    """Run the steps in order, quiet neighbours two at a time, and print what each says."""
    with ThreadPoolExecutor(max_workers=2) as cores:
        for is_quiet, neighbours in groupby(steps, key=lambda step: step.is_quiet):
            together = list(neighbours)
            runs = cores.map(partial(_run, env=env), together) if is_quiet else (_run(each, env) for each in together)
            for step, took in zip(together, runs, strict=True):
                if step.command:
                    _say_result(step, took)
                yield step, took


def _run(step: Step, env: Mapping[str, str]) -> Took:
    """Run a step; COULD_NOT_ASK if it does not run or got no response. What a quiet step prints is kept."""
    if not step.command:
        say(f"\n── {step.title}: did not run, {step.not_run}")
        return Took(step.title, 0, 0, COULD_NOT_ASK)
    if not step.is_quiet:
        say(f"\n── {step.title}")
    began_at = time.monotonic()
    with tempfile.TemporaryFile() as kept:
        output = {"stdout": kept, "stderr": kept} if step.is_quiet else {}
        process = subprocess.Popen(step.command, env={**env, **step.env}, stdin=subprocess.DEVNULL, **output)  # type: ignore[call-overload]
        _, status, used = os.wait4(process.pid, 0)  # the only wait that tells of one child and its children
        process.returncode = os.waitstatus_to_exitcode(status)
        kept.seek(0)
        wall = time.monotonic() - began_at
        return Took(step.title, wall, used.ru_utime + used.ru_stime, process.returncode, kept.read())


def _say_result(step: Step, took: Took) -> None:
    if step.is_quiet:
        say(f"\n── {step.title}\n{took.output.decode(errors='replace')}", end="")
    word = {0: "ok", COULD_NOT_ASK: "no response"}.get(took.code, f"FAILED (exit code {took.code})")
    say(f"── {step.title}: {word}, {took.wall:.1f} s")


def checks() -> Iterator[Step]:
    """Yield the static checks and Django's own checks."""
    templates = sorted(str(path.relative_to(PROJECT)) for path in (PROJECT / "templates").rglob("*.html"))
    yield Step("ruff check", ("ruff", "check", "."))
    yield Step("ruff format", ("ruff", "format", "--check", "."))
    if templates:
        yield Step("djade", ("djade", "--target-version", "5.2", "--check", *templates))
    yield Step("translatable strings", ("python", "-m", "tools.check_strings"))
    yield Step("translations", ("python", "-m", "tools.catalogues"))
    env = production()
    yield Step("mypy", ("mypy",), env)  # its Django plugin loads the settings
    yield Step("import contract", ("lint-imports",))
    manage = ("python", "manage.py")
    yield Step("migrations", (*manage, "makemigrations", "--check", "--dry-run"), env)
    yield Step("check --deploy", (*manage, "check", "--deploy", "--fail-level", "WARNING"), env)
    yield Step("secrets in the tree", ("python", "-m", "tools.check_secrets", *tracked()))
    if shutil.which("pip-audit"):
        yield Step("pip-audit", ("python", "-m", "tools.audit", "requirements/base.txt"))
    else:
        yield Step(
            "pip-audit", not_run="it is not installed: it asks an advisory service, which not every place reaches"
        )


def tracked() -> list[str]:
    """Return the project's files without vendored and locked ones; none outside a checkout."""
    git = shutil.which("git") or "git"
    listed = subprocess.run([git, "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False).stdout
    return [name for name in listed.splitlines() if not name.startswith(("static/vendor/", "requirements/"))]


def production() -> dict[str, str]:
    """Return settings as in production."""
    return {
        "SITE_URL": "https://videos.example.org",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }


def tests(*, fast: bool) -> Iterator[Step]:
    """Yield the tests, in separate processes: browser tests leave an event loop behind, others need the machine."""
    apart = [f"--ignore=tests/{folder}" for folder in ("browser", "processes", "containers")]
    parallel = (*PARALLEL, "-p", "no:playwright", *apart, "tests")
    yield Step("tests", (*parallel, "-m", "not thorough"))
    processes, browser, services = "tests of real processes", "tests in the browser", "tests on PostgreSQL"
    if fast:
        for title in (THOROUGH, services, processes, FAULTS, browser):
            yield Step(title, not_run="--fast leaves it out")
        return
    yield Step(THOROUGH, (*parallel, "-m", "thorough"))
    lacking = missing_services()
    if lacking:
        yield Step(services, not_run=f"{lacking} not found", is_required=is_required("SERVICES"))
    else:
        yield Step(f"{services} and Redis", (*PARALLEL, "-p", "tests.on_services", *ON_SERVICES))
    yield Step(processes, ("pytest", "tests/processes"))
    if not find_nginx():
        yield Step("tests behind nginx", not_run="nginx not found", is_required=is_required("SERVICES"))
    yield from faults("--short")
    chromium = find_chromium()
    if chromium:
        yield Step(browser, (*PARALLEL, "tests/browser"), {"CHROMIUM": chromium})
    else:
        yield Step(browser, not_run="no Chromium was found; CHROMIUM names one", is_required=is_required("BROWSER"))


def faults(*options: str) -> Iterator[Step]:
    """Yield the fault programme, on SQLite and, at the same time, on PostgreSQL with Redis."""
    lacking = missing_services()
    databases = ["sqlite"] if lacking else ["sqlite", "postgres"]
    yield Step(FAULTS, ("python", "-m", "tests.chaos.run", *options, "--database", *databases))
    if lacking:
        yield Step(f"{FAULTS} on PostgreSQL", not_run=f"{lacking} not found", is_required=is_required("SERVICES"))


if __name__ == "__main__":
    sys.exit(main())
