"""Compare the engine with what people write instead: `bin/bench engine` prints a table and writes JSON.

Each contender runs in a fresh process, one after another in turns, against one provider process on the same machine.
Each figure is the median of all turns.
"""

import argparse
import json
import platform
import statistics
import sys
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

from bench import pressing, table
from bench.instance import PROJECT, Instance
from bench.loops import SAMPLE

LATENCY = 0.05  # seconds until every response of the provider
AT_ONCE = 100  # concurrent requests
SIZES = (100, 1_000, 10_000)
QUICK = ("bare", "sweep", "sweep with the list")  # too short for one run to average out noise: repeated in each turn
LONG_ENOUGH = 2_000  # videos refreshed per measurement at least, by repeating small passes
RENDER_SECONDS = 300  # render time, which determines how many videos become ready meanwhile
READY_FOR, WATCHED_FOR = 20, 36  # seconds during which videos become ready, and of the whole sweep
SUBMISSIONS = 500

say = partial(print, flush=True)
Figures = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench engine", description="Measure submission and polling.")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="videos in production")
    parser.add_argument("--database", default="", help="URL of an empty database to use instead of SQLite")
    parser.add_argument("--only", choices=["sweep", "steady", "submissions", "press"], nargs="+")
    parser.add_argument("--json", type=Path, default=PROJECT / "bench" / "results" / "engine.json")
    asked = parser.parse_args()
    parts = asked.only or ["sweep", "steady", "submissions", "press"]
    with (
        tempfile.TemporaryDirectory(prefix="tavusweb-bench-") as home,
        Instance(Path(home), database=asked.database) as instance,
    ):
        say(f"Python {platform.python_version()}, {platform.machine()}; filling the database …")
        instance.run("bench.with_django", "bench.rows", "prepare")
        figures = measure(instance, parts, turns=asked.turns, sizes=asked.sizes)
    figures["database"] = asked.database.partition(":")[0] or "sqlite"
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(figures, indent=2) + "\n")
    say("\n" + table.of(figures))
    return 0


def measure(instance: Instance, parts: list[str], *, turns: int, sizes: list[int]) -> Figures:
    """Run the requested measurements; return medians."""
    turn_by_turn: defaultdict[str, list[Figures]] = defaultdict(list)

    def note(name: str, figures: Figures) -> None:
        turn_by_turn[name].append(figures)
        say(f"  {name}: " + ", ".join(f"{key} {value:.4g}" for key, value in figures.items()))

    for turn in range(1, turns + 1):
        say(f"Turn {turn} of {turns}")
        note("provider", capacity(instance))
        for videos in sizes:
            if "sweep" in parts:
                for contender in (*QUICK * (3 if videos < LONG_ENOUGH else 1), "plain", "quickstart"):
                    note(f"{contender}/{videos}", refresh(instance, contender, videos))
            if "steady" in parts:
                note(f"steady/{videos}", steady(instance, videos))
        if "submissions" in parts:
            note("submissions", submissions(instance))
        if "press" in parts:
            note("press", pressing.measure(instance))
    return {name: _medians(figures) for name, figures in turn_by_turn.items()}


def capacity(instance: Instance) -> Figures:
    """Measure the provider's requests per second without its latency."""
    figures = instance.measure("bench.capacity", instance.url, AT_ONCE, videos=1000, latency=0)
    return {"per_second": figures["per_second"]}


def refresh(instance: Instance, contender: str, videos: int) -> Figures:
    """Measure one pass over all videos in production."""
    if contender.startswith("sweep"):
        passes = max(LONG_ENOUGH // videos, 1)
        instance.run("bench.with_django", "bench.rows", "fill", "--videos", videos, "--at-once", AT_ONCE)
        options = ["--passes", passes, *(["--list"] if "list" in contender else [])]
        figures = instance.measure(
            "bench.with_django", "bench.sweeps", "passes", *options, videos=videos, latency=LATENCY
        )
    else:
        sample = min(videos, SAMPLE.get(contender, videos))
        passes = max(LONG_ENOUGH // videos, 1) if contender == "bare" else 1
        options = ["--url", instance.url, "--asked", sample, "--passes", passes, "--at-once", AT_ONCE]
        figures = instance.measure("bench.loops", contender, *options, videos=videos, latency=LATENCY)
    whole = videos / figures["refreshed"]
    requests = sum(number for kind, number in figures["asked"].items() if kind != "bench")
    return {
        "per_second": figures["refreshed"] / figures["seconds"],
        "seconds": figures["seconds"] * whole,
        "requests": requests / passes * whole,
        "cpu_seconds": figures["cpu_seconds"] * whole,
        "megabytes": figures["megabytes"],
    }


def steady(instance: Instance, videos: int) -> Figures:
    """Measure the worker's sweep while unwatched videos become ready at random moments."""
    instance.run("bench.with_django", "bench.rows", "fill", "--videos", videos, "--at-once", AT_ONCE)
    finishing = min(max(round(videos * READY_FOR / RENDER_SECONDS), 50), videos)
    plan = {"videos": videos, "latency": LATENCY, "finishing": finishing, "over": READY_FOR}
    options = ["--url", instance.url, "--plan", json.dumps(plan), "--seconds", WATCHED_FOR]
    figures = instance.measure("bench.with_django", "bench.sweeps", "steady", *options, **plan)
    requests = sum(number for kind, number in figures["asked"].items() if kind != "bench")
    delays = sorted(figures["delays"])
    return {
        "median": statistics.median(delays),
        "99th": delays[round(0.99 * (len(delays) - 1))],
        "longest": delays[-1],
        "finished": len(delays),
        "missed": figures["missed"],
        "requests_per_second": requests / figures["seconds"],
        "cpu_share": figures["cpu_seconds"] / figures["seconds"],
        "megabytes": figures["megabytes"],
    }


def submissions(instance: Instance) -> Figures:
    instance.run("bench.with_django", "bench.rows", "fill", "--waiting", SUBMISSIONS, "--at-once", AT_ONCE)
    figures = instance.measure("bench.with_django", "bench.sweeps", "submissions", videos=0, latency=LATENCY)
    if figures["asked"]["submission"] != SUBMISSIONS:
        raise SystemExit(f"{figures['asked']['submission']} submissions reached the provider instead of {SUBMISSIONS}")
    return {"per_second": figures["sent"] / figures["seconds"], "cpu_seconds": figures["cpu_seconds"]}


def _medians(turns: list[Figures]) -> Figures:
    return {name: statistics.median(figures[name] for figures in turns) for name in turns[0]}


if __name__ == "__main__":
    sys.exit(main())
