"""bin/bench: set up the environment and run one benchmark in it. Standard library only."""

import os
import subprocess
import sys

from tavusweb.data_folder import LaunchError
from tavusweb.launch import environment

BENCHES = {
    "audit_log": "the audit log's page as it grows",
    "engine": "submission and polling, compared with what people write instead",
    "library": "the library's pages as it grows",
    "pages": "members' pages beside a bare view, as a workspace grows",
    "recordings": "determining the length of a 750 MB upload",
    "search": "the cost of searching for an unsure submission",
    "share": "the share page: size, speed, a burst of visits",
}


def main() -> int:
    name, arguments = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if name not in BENCHES:
        listed = "\n".join(f"  {known:12}{words}" for known, words in BENCHES.items())
        print(f"usage: bin/bench NAME [--help]\n{listed}", file=sys.stdout if name in {"-h", "--help"} else sys.stderr)
        return 0 if name in {"-h", "--help"} else 2
    try:
        python = environment.ensure("base")
        return subprocess.run([python, "-m", f"bench.{name}", *arguments], env=os.environ, check=False).returncode
    except LaunchError as reason:
        print(f"tavusweb: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
