from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tavusweb.workspaces.audit import first_break
from tavusweb.workspaces.models import AuditChain


class Command(BaseCommand):
    help = (
        "Prove the audit trail: every link of every chain, or of one workspace's. Names the first broken link of each."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", help="only this workspace's chain")

    def handle(self, *args: Any, workspace: str | None = None, **options: Any) -> None:
        chains = AuditChain.objects.order_by("pk")
        if workspace:
            chains = chains.filter(workspace__slug=workspace)
            if not chains.exists():
                raise CommandError(f"No workspace {workspace} has a trail.")
        broken = 0
        for chain in chains:
            if found := first_break(chain):
                broken += 1
                self.stderr.write(f"BROKEN {found}")
            else:
                self.stdout.write(
                    f"whole  {chain}: events {chain.closed_seq + 1} to {chain.last_seq}, {chain.last_hash}"
                )
        if broken:
            raise CommandError(f"{broken} of {chains.count()} chains do not hold.")
