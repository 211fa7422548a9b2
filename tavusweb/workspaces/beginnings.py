"""Every workspace has a trail that begins with how the workspace came to be, so that none is dropped or exchanged unseen.

Workspaces that were there before this rule were taken on by a migration, with an event that nothing else writes.
"""

from django.db import transaction
from django.http import HttpRequest

from tavusweb.accounts.models import User

from . import audit
from .audit import Break, Deed
from .models import Workspace
from .trail import AuditChain


def found(name: str, owner: User, *, request: HttpRequest | None = None) -> Workspace:
    """Make a workspace, and write that down as the first event of its trail."""
    with transaction.atomic():
        workspace = Workspace.objects.found(name, owner)
        audit.record(request, Deed.WORKSPACE_CREATED, workspace=workspace, target=workspace, by=owner)
    return workspace


def fault(chain: AuditChain) -> Break | None:
    """What is wrong with whose chain this is, or with how it begins. That its links hold is `first_break`'s to say."""
    first = chain.closed_seq + 1
    if not _is_where_it_was(chain):
        return Break(chain.name, first, "and all that follow are not where they were written: the chain was moved")
    if chain.workspace_id and not _has_beginning(chain):
        return Break(chain.name, first, "is not how the workspace came to be: what was before it is gone")
    return None


def _is_where_it_was(chain: AuditChain) -> bool:
    """Whether it belongs to the workspace of its name, which every event's hash covers; or to none that is there."""
    pk = chain.name.rpartition("#")[2]
    if chain.workspace_id or chain.is_instances:
        return str(chain.workspace_id or "instance") == pk
    return pk not in map(str, Workspace.objects.values_list("pk", flat=True).iterator())


def _has_beginning(chain: AuditChain) -> bool:
    """A checkpoint is one: its seal is ours, and a chain without a beginning is never closed."""
    return bool(
        chain.closed_seq
        or chain.events.filter(seq=1, deed=Deed.WORKSPACE_CREATED).exists()
        or chain.events.filter(deed=Deed.TRAIL_TAKEN_ON).exists()
    )
