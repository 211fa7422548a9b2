"""Format the measured figures as Markdown tables, and compare them with the targets."""

from collections.abc import Iterable
from typing import Any

from bench.loops import SAMPLE

Figures = dict[str, dict[str, Any]]
CONTENDERS = {
    "sweep": "our sweep, single GETs",
    "sweep with the list": "our sweep, list endpoint",
    "bare": "bare loop, same transport, no database",
    "plain": "plain `httpx.AsyncClient`",
    "quickstart": "one GET after another",
}


def of(figures: Figures) -> str:
    sizes = sorted({int(name.partition("/")[2]) for name in figures if "/" in name})
    parts = [
        f"The provider's own capacity without latency: {figures['provider']['per_second']:,.0f} requests/s.",
        _passes(figures, sizes),
        f"Slow contenders are measured on their first videos and extrapolated: {SAMPLE['plain']} with the plain "
        f"client, {SAMPLE['quickstart']} one after another.",
        _steady(figures, sizes),
        _single(figures),
        _targets(figures),
    ]
    return "\n\n".join(part for part in parts if part)


def _passes(figures: Figures, sizes: list[int]) -> str:
    rows = []
    for size in sizes:
        for contender, words in CONTENDERS.items():
            if one := figures.get(f"{contender}/{size}"):
                limit = figures[f"bare/{size}"]["per_second"]
                rows.append(
                    [
                        f"{size:,}",
                        words,
                        f"{one['per_second']:,.0f}",
                        f"{one['per_second'] / limit:.2f}",
                        f"{one['seconds']:,.2f}",
                        f"{one['requests']:,.0f}",
                        f"{one['cpu_seconds']:,.2f}",
                        f"{one['megabytes']:.0f}",
                    ]
                )
    heads = ["videos", "contender", "refreshed/s", "bare loop = 1", "s per pass", "requests", "CPU s", "peak MB"]
    return _table(heads, rows)


def _steady(figures: Figures, sizes: list[int]) -> str:
    heads = [
        "videos",
        "ready at Tavus to ready here, median s",
        "99th",
        "longest",
        "became ready",
        "requests/s",
        "CPU",
        "peak MB",
    ]
    rows = [
        [
            f"{size:,}",
            f"{one['median']:.1f}",
            f"{one['99th']:.1f}",
            f"{one['longest']:.1f}",
            f"{one['finished']:,.0f}" + (f" ({one['missed']:.0f} missed)" if one["missed"] else ""),
            f"{one['requests_per_second']:.0f}",
            f"{one['cpu_share']:.0%}",
            f"{one['megabytes']:.0f}",
        ]
        for size in sizes
        if (one := figures.get(f"steady/{size}"))
    ]
    return _table(heads, rows)


def _single(figures: Figures) -> str:
    lines = []
    if one := figures.get("submissions"):
        lines.append(f"Submissions: {one['per_second']:,.0f} per second.")
    if one := figures.get("press"):
        lines.append(
            f"From pressing Generate to the POST at the provider: median {one['median']:.2f} s, "
            f"99th {one['99th']:.2f} s, over {one['presses']:.0f} presses."
        )
    return "\n".join(lines)


def _targets(figures: Figures) -> str:
    """List each target beside the measured figure."""
    rows = []

    def target(words: str, limit: str, measured: float, *, is_met: bool) -> None:
        rows.append([words, limit, f"{measured:.2f}", "yes" if is_met else "**no**"])

    for size in (100, 1_000, 10_000):
        if (ours := figures.get(f"sweep/{size}")) and (bare := figures.get(f"bare/{size}")):
            share = ours["per_second"] / bare["per_second"]
            target(f"refreshed/s, ratio to the bare loop, {size:,} videos", "≥ 0.7", share, is_met=share >= 0.7)
    if listed := figures.get("sweep with the list/10000"):
        fewer = figures["sweep/10000"]["requests"] / listed["requests"]
        target("times fewer requests with the list endpoint, 10,000 videos", "≥ 20", fewer, is_met=fewer >= 20)
        seconds = listed["seconds"]
        target("seconds for a full sweep of 10,000", "≤ 10", seconds, is_met=seconds <= 10)
        for contender in ("sweep", "sweep with the list"):
            if small := figures.get(f"{contender}/1000"):
                growth = figures[f"{contender}/10000"]["megabytes"] / small["megabytes"]
                words = f"memory at 10,000 relative to 1,000, {CONTENDERS[contender]}"
                target(words, "≤ 1.2", growth, is_met=growth <= 1.2)
    if press := figures.get("press"):
        target("seconds from Generate to the POST, median", "< 1", press["median"], is_met=press["median"] < 1)
    return _table(["target", "limit", "measured", "met"], rows)


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    rows = list(rows)
    return "\n".join("| " + " | ".join(row) + " |" for row in [heads, ["---"] * len(heads), *rows]) if rows else ""
