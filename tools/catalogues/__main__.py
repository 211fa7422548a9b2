"""Check the translations of everything public: `python -m tools.catalogues`; `--update` writes the files anew.

An update takes over what is translated, adds what is new, drops what is gone, and compiles.
"""

import argparse
import sys
from pathlib import Path

from tools.catalogues import files, rules
from tools.catalogues.sources import public_messages

ROOT = Path(__file__).resolve().parents[2]
AGAIN = "python -m tools.catalogues --update"


def main(arguments: list[str], root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.catalogues", description="Check the translations.")
    parser.add_argument("--update", action="store_true", help="write the catalogues anew from the sources, and compile")
    is_update = parser.parse_args(arguments).update
    found = []
    for path in sorted((root / "locale").glob("*/LC_MESSAGES/django.po")):
        if is_update:
            update(path, root)
        found += [f"{path.relative_to(root)}: {fault}" for fault in check(path, root)]
    print("\n".join(found) if found else "Every public string is translated.")
    return 1 if found else 0


def update(path: Path, root: Path) -> None:
    messages = public_messages(root)
    path.write_text(files.write(files.read(path.read_text()), messages))
    path.with_suffix(".mo").write_bytes(files.compiled(files.read(path.read_text())))


def check(path: Path, root: Path) -> list[str]:
    """The faults of one language; without any, whether the files are what an update would write."""
    messages, text = public_messages(root), path.read_text()
    try:
        catalogue = files.read(text)
    except files.Unreadable as error:
        return [f"not readable: {error}"]
    found = sorted(rules.faults(path.parts[-3], catalogue, messages))
    compiled = path.with_suffix(".mo")
    if not found and text != files.write(catalogue, messages):
        found.append(f"not as it is written: {AGAIN}")
    if not compiled.is_file() or compiled.read_bytes() != files.compiled(catalogue):
        found.append(f"not compiled: {AGAIN}")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
