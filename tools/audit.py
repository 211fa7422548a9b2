"""For bin/test: asks an advisory service about the locked packages, and tells an answer from the want of one.

pip-audit calls packages that its service does not know free of vulnerabilities, and fails alike for a vulnerability and
for a network that is down.
"""

import json
import re
import subprocess
import sys

COULD_NOT_ASK = 75  # what sysexits.h calls a temporary failure
COMMAND = ("pip-audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json", "-r")
NOBODY_THERE = re.compile(r"connect|proxy|timeout|timed out|resolve|SSL|HTTPError|ServiceError", re.IGNORECASE)


def main() -> int:
    asked = subprocess.run([*COMMAND, sys.argv[1]], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except ValueError:
        at_last = asked.stderr.strip().splitlines()[-2:]  # a tip may follow the reason
        reason = next(filter(NOBODY_THERE.search, at_last), "")
        print(f"Could not ask: {reason}" if reason else asked.stderr)
        return COULD_NOT_ASK if reason else asked.returncode or 1
    return judge(packages)


def judge(packages: list[dict[str, object]]) -> int:
    """The exit code for what pip-audit found out about each package, after saying it in words."""
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
