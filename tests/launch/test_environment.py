import re

import pytest

from tavusweb.data_folder import PROJECT
from tavusweb.launch import environment

# name==version ; condition --hash=… --hash=…, and nothing else: no host, no path
LOCKED = re.compile(r"[a-z0-9-]+(\[[a-z,]+\])?==[\w.]+( ; [^/:@]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM …", "a downloaded package is not the one that was locked"),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(…)'\nERROR: No matching distribution",
            "the package index cannot be reached from here",
        ),
        (
            "Collecting x\nERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n\n",
            "Could not install packages due to an OSError: [Errno 28] No space left on device",
        ),
        ("what nobody expected\n", "what nobody expected"),
        ("", "no reason given"),
    ],
)
def test_pip_output_is_reduced_to_one_reason(output, reason):
    assert environment._reason(output) == reason


def pins(name: str) -> set[str]:
    text = (PROJECT / "requirements" / f"{name}.txt").read_text()
    return set(re.findall(r"^([a-z0-9][\w.-]*(?:\[[^\]]+\])?==[^\s\\;]+)", text, re.MULTILINE))


def test_test_requirements_contain_the_base_requirements():
    assert len(pins("base")) > 10
    assert pins("base") <= pins("test")


@pytest.mark.parametrize("name", ["base", "test"])
def test_locked_requirements_name_no_host_and_no_path(name):
    text = (PROJECT / "requirements" / f"{name}.txt").read_text().replace("\\\n", "")

    unlocked = [line for line in text.splitlines() if not LOCKED.fullmatch(line)]

    assert unlocked == []
