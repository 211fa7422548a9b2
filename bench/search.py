"""Measure one search for an unsure submission: `bin/bench search` prints a table and writes JSON."""

import argparse
import json
import statistics
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from bench.instance import PROJECT, Instance

SIZES = (100, 10_000, 100_000)
LATENCIES = (0.0, 0.05)  # seconds until every response of the provider
PLACES = {
    "first page": -1,
    "last page": 0,
    "absent": None,
}  # number of the video sought; the list starts with the last one

say = partial(print, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench search", description="Measure the search for a submission.")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="videos in the account")
    parser.add_argument("--json", type=Path, default=PROJECT / "bench" / "results" / "search.json")
    asked = parser.parse_args()
    figures: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="tavusweb-bench-") as home, Instance(Path(home)) as instance:
        instance.run("bench.with_django", "bench.rows", "prepare", "--finished", 0)
        for videos in sorted(asked.sizes):
            for place in PLACES:
                for latency in LATENCIES:
                    name = f"{videos}/{place}/{latency * 1000:.0f} ms"
                    figures[name] = _middle([search(instance, videos, place, latency) for _ in range(asked.turns)])
                    say(f"  {name}: " + ", ".join(f"{key} {value}" for key, value in figures[name].items()))
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(figures, indent=2) + "\n")
    say("\n" + table(figures))
    return 0


def search(instance: Instance, videos: int, place: str, latency: float) -> dict[str, Any]:
    """Run one search in its own process."""
    number = PLACES[place]
    sought = videos if number is None else number % videos
    instance.run("bench.with_django", "bench.rows", "account", "--videos", videos, "--sought", sought)
    plan = {"videos": videos, "latency": latency, "is_marked": True}
    figures = instance.measure("bench.with_django", "bench.sweeps", "search", **plan)
    requests = sum(number for kind, number in figures.pop("asked").items() if kind != "bench")
    return {"requests": requests, **figures}


def _middle(turns: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the medians and all distinct outcomes."""
    numbers = {name: statistics.median(turn[name] for turn in turns) for name in turns[0] if name != "outcome"}
    return numbers | {"outcome": ", ".join(sorted({turn["outcome"] for turn in turns}))}


def table(figures: dict[str, dict[str, Any]]) -> str:
    heads = [
        "in the account",
        "submission",
        "latency",
        "requests",
        "seconds",
        "processor seconds",
        "peak MB",
        "outcome",
    ]
    lines = ["| " + " | ".join(heads) + " |", "|---:|---|---:|---:|---:|---:|---:|---|"]
    for name, one in figures.items():
        videos, place, latency = name.split("/")
        lines.append(
            f"| {int(videos):,} | {place} | {latency} | {one['requests']:,.0f} | {one['seconds']:.2f} "
            f"| {one['cpu_seconds']:.2f} | {one['megabytes']:.0f} | {one['outcome']} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
