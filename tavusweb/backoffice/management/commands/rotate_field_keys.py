from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.sealing import ring_ids

from ... import key_rotation


class Command(BaseCommand):
    help = (
        "Seal everything with the newest entry of FIELD_KEYS, so that older entries can be dropped. It can be "
        "interrupted and run again. With --check nothing is written: it tells which entries are still needed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="tell which entries are needed, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        unopened = [] if options["check"] else self.rotate()
        missing = self.tell_needs()
        for line in [*unopened, *missing]:
            self.stderr.write(line)
        if unopened or missing:
            raise CommandError("Not everything can be opened with FIELD_KEYS. The rest is in order.")

    def rotate(self) -> list[str]:
        """Written down before it begins: each row is sealed by itself, and it may be interrupted."""
        counts, newest, unopened = key_rotation.needs().counts, ring_ids()[0], []
        if rows := sum(number for ring_id, number in counts.items() if ring_id != newest):
            record(Actor.system("command line"), AuditAction.FIELD_KEYS_ROTATED, after={"rows": rows, "with": newest})
        for place in key_rotation.PLACES:
            result = key_rotation.reseal(place)
            self.stdout.write(
                f"{place.title}: {result.resealed} sealed anew, {result.newest} were already, "
                f"{result.changed} changed meanwhile, {len(result.unopened)} cannot be opened."
            )
            unopened += result.unopened
        return unopened

    def tell_needs(self) -> list[str]:
        """Print what each entry is needed for; answers a line for each ring key that is missing."""
        need = key_rotation.needs()
        for position, ring_id in enumerate(ring_ids(), start=1):
            number = need.counts[ring_id]
            use = (
                f"needed by {number}" if number else "the newest" if position == 1 else "not needed, it can be dropped"
            )
            self.stdout.write(f"FIELD_KEYS entry {position} ({ring_id}): {use}.")
        return [
            f"Ring key {ring_id} is not in FIELD_KEYS, and is needed by {', '.join(names)}."
            for ring_id, names in need.missing.items()
        ]
