"""Search the given files for secrets with detect-secrets, for bin/test.

detect-secrets checks each line with each plugin, which takes 15 s of processor time for this tree. A secret has to match
a plugin's pattern, so only files with a match anywhere are passed on.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from re import Pattern

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.pre_commit_hook import main as hook

# Tests are full of random strings and of names that sound secret, and a public IP address is no secret.
GUESSES = ("KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector")


def patterns() -> list[Pattern[str]]:
    plugins: Iterable[type[RegexBasedDetector]] = get_mapping_from_secret_type_to_class().values()
    used = [plugin for plugin in plugins if plugin.__name__ not in GUESSES]
    by_form = [plugin for plugin in used if issubclass(plugin, RegexBasedDetector)]
    if len(by_form) < len(used):
        raise RuntimeError(f"Not by a pattern: {set(used) - set(by_form)}. Add it to GUESSES, or read every file.")
    return [pattern for plugin in by_form for pattern in plugin().denylist]


def main(paths: list[str]) -> int:
    """Run detect-secrets' hook, which prints its findings; return its exit code."""
    known = patterns()
    files = ((path, Path(path).read_bytes()) for path in paths)
    texts = ((path, content.decode(errors="replace")) for path, content in files if b"\0" not in content)
    suspects = [path for path, text in texts if any(pattern.search(text) for pattern in known)]
    options = [word for name in GUESSES for word in ("--disable-plugin", name)]
    return int(hook(["--cores", "1", *options, *suspects]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
