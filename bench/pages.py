"""Measure the pages that members spend their days on, as their workspace grows: speed, queries and weight.

`bin/bench pages` prints Markdown tables. It needs `wrk`, packaged in Debian. Each page is measured in turns with a bare
Django view (see `bench.bare`) on the same server, which makes as many look-ups and answers as many rows and bytes.
"""

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from bench.instance import Instance
from bench.share import FETCHED, received, serving

CONNECTIONS = 8
LOOKUPS = 8
SIZES = [100, 10_000, 100_000]
ROWS = {"library": 100, "search, common word": 100, "refresh of 100 rows": 100, "search, rare word": 1}
TARGETS = {"library": 0.4, "video page": 0.3}
IMPORTED = re.compile(r"""(?:from|import)\s*\(?["'](\.{1,2}/[^"']+)["']""")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench pages", description="Measure members' pages as a workspace grows.")
    parser.add_argument("--videos", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each round")
    parser.add_argument("--only", nargs="+", help="names of pages, as in the table")
    parser.add_argument("--database", default="", help="URL of an empty database to use instead of SQLite")
    asked = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed")
    with tempfile.TemporaryDirectory(prefix="tavusweb-bench-") as home:
        measure(Path(home), asked)
    return 0


def measure(home: Path, asked: argparse.Namespace) -> None:
    figures: dict[str, dict[int, dict[str, Any]]] = {}
    searches: dict[int, dict[str, float]] = {}
    with serving(home, asked.database, rows="bench.pages_rows") as (instance, url):
        for size in sorted(asked.videos):
            filled, queries = ask(instance, "fill", size), ask(instance, "queries")
            for name, path in filled["paths"].items():
                if asked.only and name not in asked.only:
                    continue
                one = speed(url, name, path, filled, asked.rounds, asked.seconds)
                figures.setdefault(name, {})[size] = one | {"queries": queries[name]}
                print(f"{size:>7,} {name}: {one['ratio']:.2f} of the bare view", file=sys.stderr, flush=True)
            searches[size] = ask(instance, "searches")
        print(table(figures))
        print(search_table(searches))
        print(weights(url, filled))


def ask(instance: Instance, what: str, *arguments: object) -> Any:
    output = instance.run("bench.with_django", "bench.pages_rows", what, *arguments)
    return json.loads(output.splitlines()[-1])


def speed(url: str, name: str, path: str, filled: dict[str, Any], rounds: int, seconds: int) -> dict[str, Any]:
    """Measure requests per second, in turns with the bare view."""
    cookie = {"Cookie": filled["cookie"]}
    size = len(httpx.get(url + path, headers=cookie).raise_for_status().content)
    bare = f"{url}/bare-page/{filled['ids']}/{ROWS.get(name, 0)}/{size}/"
    for address in (url + path, bare):
        per_second(address, filled["cookie"], 1)  # warm-up
    turns = [
        (per_second(url + path, filled["cookie"], seconds), per_second(bare, filled["cookie"], seconds))
        for _ in range(rounds)
    ]
    ratios = [ours / theirs for ours, theirs in turns]
    ours, theirs = (statistics.median(column) for column in zip(*turns, strict=True))
    return {"size": size, "ours": ours, "bare": theirs, "ratio": statistics.median(ratios), "ratios": ratios}


def per_second(address: str, cookie: str, seconds: int) -> float:
    command = [
        "wrk",
        "-t",
        "1",
        "-c",
        str(CONNECTIONS),
        "-d",
        f"{seconds}s",
        "--timeout",
        "20s",
        "-H",
        f"Cookie: {cookie}",
        address,
    ]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{address} was not always answered:\n{output}")
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", output)[1])  # type: ignore[index]
    if not rate:
        raise SystemExit(f"{address} was not answered once in {seconds} seconds: the machine is too busy to measure")
    return rate


def table(figures: dict[str, dict[int, dict[str, Any]]]) -> str:
    lines = [
        "| page | videos | bytes | queries | per second | bare view | ratio, median | all ratios | target |",
        "|---|---:|---:|---:|---:|---:|---:|---|---|",
    ]
    for name, sizes in figures.items():
        for size, one in sizes.items():
            every = ", ".join(f"{ratio:.2f}" for ratio in one["ratios"])
            target = (
                f"{TARGETS[name]} {'met' if one['ratio'] >= TARGETS[name] else '**missed**'}" if name in TARGETS else ""
            )
            lines.append(
                f"| {name} | {size:,} | {one['size']:,} | {one['queries']} | {one['ours']:.0f} | {one['bare']:.0f} "
                f"| {one['ratio']:.2f} | {every} | {target} |"
            )
    lines.append("")
    for name, sizes in figures.items():
        smallest, largest = min(sizes), max(sizes)
        if smallest != largest:
            slower = sizes[smallest]["ratio"] / sizes[largest]["ratio"]
            lines.append(f"- {name}: × {slower:.2f} slower at {largest:,} than at {smallest:,} videos (at most 1.3)")
    return "\n".join(lines) + "\n"


def search_table(searches: dict[int, dict[str, float]]) -> str:
    lines = [
        f"| search, ms | {' | '.join(f'{size:,} videos' for size in searches)} |",
        "|---|" + "---:|" * len(searches),
    ]
    names = next(iter(searches.values()))
    lines += [f"| {name} | {' | '.join(f'{one[name]:.1f}' for one in searches.values())} |" for name in names]
    return "\n".join(lines) + "\n"


# Weight.


def weights(url: str, filled: dict[str, Any]) -> str:
    """Measure a first visit without pictures and fonts, and a later one, which loads the page alone."""
    lines = ["| page | requests | KB, first visit | KB, later | never asked for again |", "|---|---:|---:|---:|---|"]
    headers = {"Accept-Encoding": "gzip, br", "Cookie": filled["cookie"]}
    with httpx.Client(base_url=url, headers=headers) as browser:
        for name in ("library", "video page", "new video"):
            answer = browser.get(filled["paths"][name])
            with browser.stream("GET", filled["paths"][name]) as page:
                own = sum(len(part) for part in page.iter_raw())
            files = linked(browser, answer.text)
            sizes = {path: received(browser, path) for path in files}
            kept = all("immutable" in browser.get(path).headers.get("Cache-Control", "") for path in files)
            first, later = (own + sum(sizes.values())) / 1000, own / 1000
            lines.append(f"| {name} | {1 + len(files)} | {first:.1f} | {later:.1f} | {'yes' if kept else '**no**'} |")
    return "\n".join(lines) + "\n"


def linked(browser: httpx.Client, html: str) -> list[str]:
    """Return a page's style sheets and scripts, with the modules that these import."""
    found = [path for path in dict.fromkeys(FETCHED.findall(html)) if path.endswith((".css", ".js"))]
    for path in found:  # grows while it is read
        if path.endswith(".js"):
            for relative in IMPORTED.findall(browser.get(path).text):
                imported = httpx.URL(f"http://x{path}").join(relative).path
                if imported not in found:
                    found.append(imported)
    return found


if __name__ == "__main__":
    sys.exit(main())
