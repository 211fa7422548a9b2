"""Measure complete requests for pages as the number of rows grows, on a separate database."""

import argparse
import base64
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.test import Client

REPEATS = 7
SIZES = [1_000, 10_000, 100_000]

Measure = Callable[[list[int]], dict[str, list[float]]]


def run(measure: Measure, *, rows: str, description: str | None) -> None:
    """Run a benchmark from the command line and print its table; `rows` names the option for the sizes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(f"--{rows}", type=int, nargs="+", default=SIZES, dest="sizes")
    sizes = sorted(parser.parse_args().sizes)
    with tempfile.TemporaryDirectory(prefix="tavusweb-bench-") as home:
        set_up(home)
        print(table(measure(sizes), sizes))


def set_up(home: str) -> None:
    """Configure Django with a new data folder, and create the database."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tavusweb.settings",
        "TAVUSWEB_HOME": home,
        "SITE_URL": "http://testserver",
    }
    os.environ["SECRET_KEY"] = secrets.token_hex(32)
    os.environ["FIELD_KEYS"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    (Path(home) / "static").mkdir()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def milliseconds(client: Client, address: str) -> float:
    """Return the fastest of several requests, after one to warm up."""
    _request(client, address)
    spent = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        _request(client, address)
        spent.append(time.perf_counter() - began)
    return min(spent) * 1000  # the fastest: anything longer is other work on the machine


def _request(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def table(times: dict[str, list[float]], sizes: list[int]) -> str:
    lines = [f"| milliseconds per request | {' | '.join(f'{size:,} rows' for size in sizes)} | growth |"]
    lines.append("|---|" + "---:|" * (len(sizes) + 1))
    for words, figures in times.items():
        shown = " | ".join(f"{figure:.1f}" for figure in figures)
        lines.append(f"| {words} | {shown} | × {figures[-1] / figures[0]:.1f} |")
    return "\n".join(lines)
