import os
from argparse import Namespace

import pytest

from tools import installed
from tools import test as bin_test
from tools.installed import find_chromium
from tools.test import Step, run


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine without a browser, PostgreSQL, Redis or nginx, and without a requirement for them."""
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(installed, "find_postgres", lambda: None)
    monkeypatch.setattr(bin_test, "find_nginx", lambda: None)
    for what in ("BROWSER", "SERVICES"):
        monkeypatch.delenv(f"TAVUSWEB_REQUIRE_{what}", raising=False)


def test_every_step_runs_even_after_a_failure(tmp_path, capfd):
    steps = [
        Step("first", ("sh", "-c", "exit 3")),
        Step("second", ("sh", "-c", 'touch "$PLACE"'), {"PLACE": str(tmp_path / "ran")}),
    ]

    code = run(steps, {"PATH": "/usr/bin:/bin"})

    printed = capfd.readouterr().out
    assert code == 1
    assert (tmp_path / "ran").exists()
    assert "── first: FAILED (exit code 3)" in printed
    assert "── second: ok" in printed
    assert printed.endswith("Failed: first.\n")


def test_two_quiet_steps_run_at_once_and_are_printed_one_after_the_other(tmp_path, capfd):
    """The first ends only once the second has begun."""
    env = {"PATH": "/usr/bin:/bin", "BEGUN": str(tmp_path / "begun")}
    wait = 'echo one; for n in $(seq 200); do [ -e "$BEGUN" ] && echo two && exit; sleep 0.05; done; exit 1'
    steps = [
        Step("first", ("sh", "-c", wait), is_quiet=True),
        Step("second", ("sh", "-c", 'touch "$BEGUN"; echo three >&2; exit 4'), is_quiet=True),
        Step("third", ("echo", "four")),
    ]

    code = run(steps, env)

    lines = [line.split(", ")[0] for line in capfd.readouterr().out.splitlines() if line]
    assert code == 1
    assert lines[:9] == [
        *("── first", "one", "two", "── first: ok"),
        *("── second", "three", "── second: FAILED (exit code 4)"),
        *("── third", "four"),
    ]


def test_skipped_steps_are_listed_at_the_end(capfd):
    code = run([Step("one", ("true",)), Step("other", not_run="nobody asked")], {"PATH": "/usr/bin:/bin"})

    assert code == 0
    assert capfd.readouterr().out.endswith("Did not run: other (nobody asked).\nEverything that ran passed.\n")


def test_seconds_of_every_step_are_listed_at_the_end(capfd):
    busy = Step("busy", ("python3", "-c", "sum(range(10**7))"))

    run([busy, Step("idle", ("true",)), Step("other", not_run="nobody asked")], {"PATH": os.environ["PATH"]})

    *_, head, first, second, total, _, _, _ = capfd.readouterr().out.splitlines()
    assert head.split() == ["Seconds", "clock", "processor"]
    assert [line.split()[:-2] for line in (first, second, total)] == [["busy"], ["idle"], ["total"]]
    assert float(first.split()[-1]) > 0
    assert float(total.split()[-1]) >= float(first.split()[-1])


def test_thorough_tests_are_a_step_and_are_named_when_left_out(bare_machine):
    fast, full = ({step.title: step for step in bin_test.tests(fast=fast)} for fast in (True, False))

    assert fast["tests"].command[-2:] == full["tests"].command[-2:] == ("-m", "not thorough")
    assert full["thorough tests"].command[-2:] == ("-m", "thorough")
    assert fast["thorough tests"].not_run == "--fast leaves it out"


def test_container_tests_are_a_step_and_are_named_when_left_out(monkeypatch, bare_machine):
    monkeypatch.setattr(bin_test, "checks", lambda: iter(()))
    options = {"fast": True, "chaos": False}
    (alone,) = bin_test.chosen(Namespace(**options, containers=True))
    *rest, last = bin_test.chosen(Namespace(**options, containers=False))

    assert alone.command[-1] == "tools.containers"
    assert last.title == alone.title
    assert last.not_run == "bin/test --containers runs them"
    assert "--ignore=tests/containers" in rest[0].command


def test_check_without_a_network_neither_fails_nor_passes(capfd):
    code = run([Step("audit", ("sh", "-c", "exit 75"))], {"PATH": "/usr/bin:/bin"})

    printed = capfd.readouterr().out
    assert code == 0
    assert "── audit: no response" in printed
    assert "Did not run: audit (no response; see above).\n" in printed


@pytest.mark.parametrize("what", ["BROWSER", "SERVICES"])
def test_missing_program_fails_where_it_is_required(monkeypatch, bare_machine, what):
    monkeypatch.setenv(f"TAVUSWEB_REQUIRE_{what}", "1")

    code = run([step for step in bin_test.tests(fast=False) if not step.command], {})

    assert code == 1


def test_missing_program_is_only_reported_where_it_is_not_required(bare_machine, capfd):
    code = run([step for step in bin_test.tests(fast=False) if not step.command], {})

    assert code == 0
    printed = capfd.readouterr().out
    assert "postgresql and redis-server not found" in printed
    assert "tests behind nginx (nginx not found)" in printed


def test_fault_programme_runs_on_every_available_database(monkeypatch, bare_machine):
    (alone, reason) = bin_test.faults()
    monkeypatch.setattr(bin_test, "missing_services", lambda: "")
    (both,) = bin_test.faults("--short")

    assert alone.command[-2:] == ("--database", "sqlite")
    assert reason.not_run
    assert both.command[-4:] == ("--short", "--database", "sqlite", "postgres")


def test_browser_is_the_named_one_or_the_first_on_the_path(monkeypatch, tmp_path):
    chrome = tmp_path / "google-chrome"
    chrome.write_text("#!/bin/sh\n")
    chrome.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)

    assert find_chromium() == str(chrome)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "another"))
    assert find_chromium() is None


def test_strings_without_gettext_fail_the_run():
    steps = {step.title: step for step in bin_test.checks()}

    assert steps["translatable strings"].command == ("python", "-m", "tools.check_strings")
    assert steps["translations"].command == ("python", "-m", "tools.catalogues")
