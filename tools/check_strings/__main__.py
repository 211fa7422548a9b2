"""List user-visible strings that are not marked for translation: `python -m tools.check_strings [path ...]`.

Without arguments, checks every template, module and script of the product. Strings are ignored inside
`translate="no"` in a template, and in Python on a line with `# not translated: <reason>`.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .python import in_python
from .scripts import in_script
from .templates import in_template

EVERYTHING = ("templates", "tavusweb", "static/js")
# Read by operators in a terminal, by programs or by developers. The sandbox uses Tavus's own messages.
LEFT_OUT = re.compile(
    r"templates/(components(/_states)?|django/forms/widgets/attrs)\.html|tavusweb/(launch|tavus|sandbox)/|/migrations/|/management/"
    r"|tavusweb/(settings|env|data_folder|parentage|sealing|reviews/certificate_format)\.py"
    r"|static/js/(base|workspace)\.js"  # bundles of other scripts
)


class Missed(NamedTuple):
    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {' '.join(self.text.split())[:100]}"


def main(arguments: list[str]) -> int:
    missed = [each for path in _files(arguments or EVERYTHING) for each in check(path)]
    for each in missed:
        print(each)
    print(f"{len(missed)} strings without gettext." if missed else "Every string goes through gettext.")
    return 1 if missed else 0


def check(path: Path) -> list[Missed]:
    text = path.read_text()
    if path.suffix == ".py":
        findings = in_python(text)
    elif path.suffix == ".js":
        findings = in_script(text)
    else:
        findings = in_template(text, is_html=path.suffix == ".html")
    return [Missed(path, line, words) for line, words in findings]


def _files(arguments: Iterable[str]) -> Iterator[Path]:
    for argument in map(Path, arguments):
        paths = sorted(argument.rglob("*")) if argument.is_dir() else [argument]
        for path in paths:
            is_text = path.suffix in {".py", ".html", ".js"} or (path.suffix == ".txt" and "templates" in path.parts)
            if is_text and not LEFT_OUT.search(path.as_posix()):
                yield path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
