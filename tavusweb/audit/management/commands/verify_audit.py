from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...models import AuditChain
from ...verify import fault, first_break


class Command(BaseCommand):
    help = (
        "Verify the audit logs: every link of every chain, or of one workspace's, and that every workspace has a chain. "
        "Names the first broken link of each."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", help="only this workspace's chain")

    def handle(self, *args: Any, workspace: str | None = None, **options: Any) -> None:
        workspaces = apps.get_model("workspaces", "Workspace")._default_manager
        chains, bare = AuditChain.objects.order_by("pk"), workspaces.filter(audit_chain=None).order_by("pk")
        if workspace:
            if not workspaces.filter(slug=workspace).exists():
                raise CommandError(f"There is no workspace {workspace}.")
            chains, bare = chains.filter(workspace__slug=workspace), bare.filter(slug=workspace)
        results = [self._prove(chain) for chain in chains]
        for each in bare:
            results.append(False)
            self.stderr.write(f"BROKEN {each.slug}#{each.pk}: the workspace has no audit log")
        if broken := results.count(False):
            raise CommandError(f"{broken} of {len(results)} chains do not hold.")

    def _prove(self, chain: AuditChain) -> bool:
        if broken := fault(chain) or first_break(chain):
            self.stderr.write(f"BROKEN {broken}")
            return False
        self.stdout.write(f"whole  {chain}: events {chain.closed_seq + 1} to {chain.last_seq}, {chain.last_hash}")
        return True
