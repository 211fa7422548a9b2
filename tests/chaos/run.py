"""The fault programme: `python -m tests.chaos.run --help`.

A provider that misbehaves and is another one for each API key, real workers that are killed every few seconds, a
database that stops, a full disk; and in the end the proof, from the provider's own log, that nothing was bought twice
and nothing was lost.
"""

import argparse
import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests import services
from tests.chaos import trouble
from tests.chaos.behaviours import draw
from tests.chaos.ledger import Ledger
from tests.chaos.site import Site, keys, site

say = partial(print, flush=True)


@dataclass(frozen=True)
class Plan:
    """How big, and when what happens: seconds since the start."""

    videos: int
    seconds: float  # of trouble
    settle: float  # at most, afterwards
    outage: float  # of the database
    disk_full: float
    keys: int
    is_short: bool = False  # it ends before a person is asked about what cannot be proven
    workers: int = 2
    slots: int = 8
    seed: int = 1


# A person is asked after ten minutes; a proof takes two.
LONG = Plan(videos=500, seconds=360, settle=690, outage=25, disk_full=15, keys=12)
SHORT = Plan(videos=60, seconds=35, settle=210, outage=5, disk_full=4, keys=6, is_short=True)


@contextlib.contextmanager
def database(kind: str) -> Iterator[tuple[dict[str, str], services.Postgres | None, services.Redis | None]]:
    with contextlib.ExitStack() as stack:
        if kind == "sqlite":
            yield {"DATABASE_URL": "", "REDIS_URL": ""}, None, None
            return
        postgres, redis = stack.enter_context(services.postgres()), stack.enter_context(services.redis())
        yield {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}, postgres, redis


def run(kind: str, plan: Plan) -> dict[str, Any]:
    """One run from an empty folder to the verdict; answers the figures. The logs of one that failed are kept."""
    with database(kind) as (env, postgres, redis), site(env) as place:
        os.environ |= place.env
        place.prepare()
        import django

        django.setup()
        from tests.chaos.people import People

        people = People(plan.seed, keys(plan.keys))
        place.start(workers=plan.workers, seed=plan.seed, slots=plan.slots, keys=keys(plan.keys))
        began_at = time.monotonic()
        killer = trouble.Killer(place.supervisors(), plan.seed)
        killer.start()
        pulse = trouble.Pulse()
        pulse.start()
        misfortunes = _misfortunes(place, plan, postgres, redis)
        asked_for = _ask(people, plan)
        while time.monotonic() < began_at + plan.seconds or any(thread.is_alive() for thread in misfortunes):
            time.sleep(1)
            people.change_minds()
        killer.stop.set()
        killer.join()
        place.steer_provider("calm")
        settled_in = _settle(plan)
        pulse.stop.set()
        pulse.join()
        place.stop()
        ran = {
            "seconds": round(time.monotonic() - began_at, 1),
            "settled_in_seconds": None if settled_in is None else round(settled_in, 1),
            "longest_silence_of_the_workers": round(pulse.longest, 1),
            "kills": dict(killer.kills),
        }
        figures = _figures(kind, plan, place, asked_for, ran)
    if figures["in_order"]:
        shutil.rmtree(figures.pop("logs"))
    return figures


def _misfortunes(
    place: Site, plan: Plan, postgres: services.Postgres | None, redis: services.Redis | None
) -> list[threading.Thread]:
    """Each once, spread over the time of trouble."""

    def fill_the_disk() -> None:
        full = trouble.full_disk(place.home) if place.has_small_disk else trouble.no_file_grows(place.supervisors())
        with full:
            time.sleep(plan.disk_full)

    stop: Any = partial(trouble.lock_sqlite, place.home / "tavusweb.sqlite3", plan.outage)
    if postgres:
        stop = partial(trouble.restart, postgres, plan.outage)
    first, second, *_ = keys(plan.keys)
    threads = [
        trouble.at(plan.seconds * 0.35, stop),
        trouble.at(plan.seconds * 0.7, fill_the_disk),
        # Late: a key that was refused rests for half a minute.
        trouble.at(plan.seconds * 0.75, partial(place.steer_provider, "refuse", first, "402")),
        trouble.at(plan.seconds * 0.9, partial(place.steer_provider, "refuse", second, "403")),
    ]
    if redis:
        threads.append(trouble.at(plan.seconds * 0.6, partial(trouble.restart, redis, 2)))
    return threads


def _ask(people: Any, plan: Plan) -> list[str]:
    """Half at once, the rest one by one over a quarter of the time."""
    asked = []
    drafts = [people.draft(number) for number in range(plan.videos)]
    pause = plan.seconds / 4 / (plan.videos / 2)
    for number, video in enumerate(drafts):
        people.ask(video)
        asked.append(str(video.pk))
        if number >= plan.videos / 2:
            time.sleep(pause)
    return asked


def _settle(plan: Plan) -> float | None:
    """Seconds until nothing is pending but what asks a person; None when that took too long."""
    from django.db import DatabaseError, connection

    from tavusweb.videos.models import Video
    from tavusweb.videos.models.status import Status

    open_ones = Video.objects.pending().exclude(status=Status.UNSURE, asks__gt="")
    if plan.is_short:
        drawn = zip(keys(plan.keys), draw(plan.seed, plan.keys), strict=True)
        unproven = [key for key, behaviour in drawn if not behaviour.can_prove]
        open_ones = open_ones.exclude(status=Status.UNSURE, api_key__name__in=unproven)
    began_at = time.monotonic()
    while time.monotonic() - began_at < plan.settle:
        try:
            if not open_ones.all().exists():
                return time.monotonic() - began_at
        except DatabaseError:
            connection.close()
        time.sleep(1)
    return None


def _figures(kind: str, plan: Plan, place: Site, asked_for: list[str], ran: dict[str, Any]) -> dict[str, Any]:
    from tavusweb.videos.models import Video
    from tests.chaos.verdict import judge

    ledger = Ledger.read(place.ledger)
    verdict = judge(asked_for, Video.objects.select_related("api_key"), ledger, may_search=plan.is_short)
    return {
        "database": kind,
        "in_order": verdict.is_in_order,
        "videos": len(asked_for),
        "submissions": verdict.submissions,
        "purchases": len(ledger.purchases),
        "sent_again_by_itself": verdict.sent_again,
        "asked_a_person": verdict.asked.total(),
        "still_searching": verdict.searching.total(),
        "findings": verdict.findings,
        "statuses": dict(verdict.statuses),
        "behaviours": {key: drawn.name for key, drawn in ledger.behaviours.items()},
        "asked": dict(verdict.asked.most_common()),
        "searching": dict(verdict.searching.most_common()),
        "seed": plan.seed,
        **ran,
        "disk": "was full" if place.has_small_disk else "was not to be had: files could not grow",
        "faults": dict(ledger.faults.most_common()),
        "requests": dict(ledger.requests.most_common()),
        "refused_as_full": ledger.refused_as_full,
        "callbacks": dict(ledger.callbacks),
        "requests_in_a_pause": ledger.too_early,
        "logs": str(place.folder),
    }


def show(figures: dict[str, Any]) -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            inner = {key: len(each) if isinstance(each, list) else each for key, each in value.items()}
            say(f"{name.replace('_', ' ')}:")
            for key, each in inner.items():
                say(f"    {key.replace('_', ' '):<45} {each:>7}")
        else:
            say(f"{name.replace('_', ' '):<49} {value!s:>7}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.run", description="Prove that faults cost nothing.")
    parser.add_argument("--database", choices=["sqlite", "postgres"], nargs="+", default=["sqlite"])
    parser.add_argument("--short", action="store_true", help=f"{SHORT.videos} videos instead of {LONG.videos}")
    parser.add_argument("--videos", type=int)
    parser.add_argument("--keys", type=int, help="each with a provider that behaves in its own way")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--seed", type=int, help="another one every time, unless given")
    parser.add_argument("--seconds", type=float, help="of trouble")
    parser.add_argument("--json", type=Path, help="add the figures to this file, one line for each database")
    options = parser.parse_args()
    if len(options.database) > 1:
        return _side_by_side(options.database)
    chosen = vars(SHORT if options.short else LONG) | {"seed": secrets.randbelow(1_000_000)}
    given = {name: getattr(options, name) for name in ("videos", "keys", "workers", "seed", "seconds")}
    figures = run(
        options.database[0], Plan(**chosen | {name: value for name, value in given.items() if value is not None})
    )
    show(figures)
    if options.json:
        with options.json.open("a") as file:
            file.write(json.dumps(figures) + "\n")
    return 0 if figures["in_order"] else 1


def _side_by_side(databases: list[str]) -> int:
    """The same for each database at once, each in a process of its own: most of the time is spent waiting."""
    rest = [word for word in sys.argv[1:] if word not in {"--database", *databases}]
    commands = [[sys.executable, "-m", "tests.chaos.run", *rest, "--database", each] for each in databases]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for command in commands
    ]
    for process in running:
        say(process.communicate()[0])
    return max(process.returncode for process in running)


if __name__ == "__main__":
    sys.exit(main())
