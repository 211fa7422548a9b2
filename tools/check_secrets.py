"""For bin/test: look for secrets in the files given, by detect-secrets.

It reads line by line and plugin by plugin, which takes a quarter of a minute of processor time for this tree. A secret
has to fit the pattern of a plugin, so that only files in which one is found anywhere are handed on.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from re import Pattern

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.pre_commit_hook import main as hook

# What is only hard to guess, or named like a secret, fills the tests; a public IP address is none.
GUESSES = ("KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector")


def patterns() -> list[Pattern[str]]:
    plugins: Iterable[type[RegexBasedDetector]] = get_mapping_from_secret_type_to_class().values()
    used = [plugin for plugin in plugins if plugin.__name__ not in GUESSES]
    by_form = [plugin for plugin in used if issubclass(plugin, RegexBasedDetector)]
    if len(by_form) < len(used):
        raise RuntimeError(f"Not by a pattern: {set(used) - set(by_form)}. Add it to GUESSES, or read every file.")
    return [pattern for plugin in by_form for pattern in plugin().denylist]


def main(paths: list[str]) -> int:
    """The exit code of detect-secrets' hook, which prints what it finds."""
    known = patterns()
    files = ((path, Path(path).read_bytes()) for path in paths)
    texts = ((path, content.decode(errors="replace")) for path, content in files if b"\0" not in content)
    suspects = [path for path, text in texts if any(pattern.search(text) for pattern in known)]
    options = [word for name in GUESSES for word in ("--disable-plugin", name)]
    return int(hook(["--cores", "1", *options, *suspects]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
