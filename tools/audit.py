"""Check the locked packages with an advisory service, for bin/test, and distinguish a result from no connection.

pip-audit reports packages unknown to its service as free of vulnerabilities, and fails in the same way for a
vulnerability and for a network that is down.
"""

import json
import re
import subprocess
import sys

COULD_NOT_ASK = 75  # EX_TEMPFAIL in sysexits.h
COMMAND = ("pip-audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json", "-r")
NOBODY_THERE = re.compile(r"connect|proxy|timeout|timed out|resolve|SSL|HTTPError|ServiceError", re.IGNORECASE)


def main() -> int:
    asked = subprocess.run([*COMMAND, sys.argv[1]], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except ValueError:
        at_last = asked.stderr.strip().splitlines()[-2:]  # a hint can follow the reason
        reason = next(filter(NOBODY_THERE.search, at_last), "")
        print(f"Could not ask: {reason}" if reason else asked.stderr)
        return COULD_NOT_ASK if reason else asked.returncode or 1
    return judge(packages)


def judge(packages: list[dict[str, object]]) -> int:
    """Print pip-audit's findings for each package; return the exit code."""
    unknown = [str(package["name"]) for package in packages if "skip_reason" in package]
    advisories = 0
    for package in packages:
        for advisory in package.get("vulns", ()):  # type: ignore[attr-defined]
            advisories += 1
            cure = " or ".join(advisory["fix_versions"]) or "no version yet"
            print(f"{package['name']} {package['version']}: {advisory['id']}, fixed in {cure}")
    if unknown:
        print(f"Could not ask about {len(unknown)} of {len(packages)} packages: {', '.join(unknown)}")
    if not advisories and not unknown:
        print(f"No known vulnerabilities in {len(packages)} packages")
    return 1 if advisories else COULD_NOT_ASK if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
