"""The locked files contain names, versions and hashes, and nothing about the machine that wrote them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "requirements").iterdir())
PINNED = re.compile(r"[a-z0-9][a-z0-9._-]*(\[[a-z0-9,_-]+\])?==[0-9][0-9A-Za-z.+!]*( ; [^/\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
ORIGIN = re.compile(
    r"    # (via( [a-z0-9._-]+)?|  [a-z0-9._-]+)( \([a-z.]+\))?|    #   [a-z0-9._\[\],-]+( \([a-z./-]+\))?"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_locked_file_contains_only_versions_and_hashes(path: Path) -> None:
    lines = path.read_text().splitlines()

    strange = [line for line in lines if not any(form.fullmatch(line) for form in (PINNED, HASH, ORIGIN))]

    assert not strange
    assert lines


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_version_has_a_hash(path: Path) -> None:
    lines = path.read_text().splitlines()

    naked = [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if PINNED.fullmatch(line) and not HASH.fullmatch(after)
    ]

    assert not naked


def test_tests_use_the_versions_of_production() -> None:
    base, test = (
        set(re.findall(r"^[^\s;]+==[^\s;]+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("base.txt", "test.txt")
    )

    assert base <= test
