from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tavusweb.audit.actor import Actor
from tavusweb.sealing import ring_ids

from ... import actions, key_rotation


class Command(BaseCommand):
    help = (
        "Seal everything with the newest entry of FIELD_KEYS, so that older entries can be dropped. It can be "
        "interrupted and run again. --check writes nothing and lists the entries that are still needed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="list the entries that are still needed; write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        unopened = [] if options["check"] else self.rotate()
        missing = self.print_needs()
        for line in [*unopened, *missing]:
            self.stderr.write(line)
        if unopened or missing:
            raise CommandError("FIELD_KEYS cannot open everything. The rest is sealed with the newest entry.")

    def rotate(self) -> list[str]:
        """Record first, then seal row by row: an interrupted run has lost nothing."""
        counts, newest, unopened = key_rotation.needs().counts, ring_ids()[0], []
        if rows := sum(number for ring_id, number in counts.items() if ring_id != newest):
            actions.rotate_field_keys(Actor.system("command line"), rows=rows, newest=newest)
        for place in key_rotation.PLACES:
            result = key_rotation.reseal(place)
            self.stdout.write(
                f"{place.title}: {result.resealed} resealed, {result.newest} up to date, "
                f"{result.changed} changed during the run, {len(result.unopened)} cannot be opened."
            )
            unopened += result.unopened
        return unopened

    def print_needs(self) -> list[str]:
        """Print how many rows need each entry; return a line for each missing ring key."""
        need = key_rotation.needs()
        for position, ring_id in enumerate(ring_ids(), start=1):
            number = need.counts[ring_id]
            use = (
                f"needed by {number}"
                if number
                else "the newest"
                if position == 1
                else "no longer needed, can be dropped"
            )
            self.stdout.write(f"FIELD_KEYS entry {position} ({ring_id}): {use}.")
        return [
            f"Ring key {ring_id} is missing from FIELD_KEYS and is needed by {', '.join(names)}."
            for ring_id, names in need.missing.items()
        ]
