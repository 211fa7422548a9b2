"""Check the translations of all public strings: `python -m tools.catalogues`. `--update` rewrites the files.

An update keeps translations, adds new strings, drops removed ones and compiles.
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
    parser.add_argument("--update", action="store_true", help="rewrite and compile the catalogues")
    is_update = parser.parse_args(arguments).update
    faults = []
    for path in sorted((root / "locale").glob("*/LC_MESSAGES/django.po")):
        if is_update:
            update(path, root)
        faults += [f"{path.relative_to(root)}: {fault}" for fault in check(path, root)]
    print("\n".join(faults) if faults else "Every public string is translated.")
    return 1 if faults else 0


def update(path: Path, root: Path) -> None:
    messages = public_messages(root)
    path.write_text(files.write(files.read(path.read_text()), messages))
    path.with_suffix(".mo").write_bytes(files.compiled(files.read(path.read_text())))


def check(path: Path, root: Path) -> list[str]:
    """Return one language's faults or, if there are none, whether its files are out of date."""
    messages, text = public_messages(root), path.read_text()
    try:
        catalogue = files.read(text)
    except files.Unreadable as error:
        return [f"not readable: {error}"]
    faults = sorted(rules.faults(path.parts[-3], catalogue, messages))
    compiled = path.with_suffix(".mo")
    if not faults and text != files.write(catalogue, messages):
        faults.append(f"not in canonical form: {AGAIN}")
    if not compiled.is_file() or compiled.read_bytes() != files.compiled(catalogue):
        faults.append(f"not compiled: {AGAIN}")
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
