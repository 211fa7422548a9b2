"""Verification of a chain: every link holds, and the first event is the creation of the workspace.

So no chain is dropped or exchanged unseen.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from .actions import AuditAction
from .chain import checkpoint, digest, is_sealed
from .models import AuditChain, AuditEvent


@dataclass(frozen=True)
class Break:
    """The first broken link of a chain."""

    chain: str
    seq: int
    reason: str

    def __str__(self) -> str:
        return f"{self.chain}: event {self.seq} {self.reason}"


def first_break(chain: AuditChain) -> Break | None:
    """Walk the chain from its checkpoint or its first event to its head; None when every link holds.

    `chain` is refreshed, and is then the head that was verified. Events appended meanwhile are left to the next
    verification; when retention trims the oldest ones meanwhile, this one starts again.
    """
    while True:
        chain.refresh_from_db()
        broken = _walk(chain)
        if not broken or not AuditChain.objects.filter(pk=chain.pk, closed_seq__gt=chain.closed_seq).exists():
            return broken


def _walk(chain: AuditChain) -> Break | None:
    events = AuditEvent.objects.filter(chain=chain)
    seq, previous = chain.closed_seq, chain.closed_hash
    if seq and not is_sealed(checkpoint(chain), chain.closed_seal):
        return Break(chain.name, seq, "is the checkpoint, and its seal is not ours")
    for event in events.filter(seq__lte=chain.last_seq).order_by("seq").iterator(chunk_size=1000):
        seq += 1
        event.chain = chain
        if event.seq != seq:
            return Break(chain.name, seq, "is missing")
        if event.previous != previous:
            return Break(chain.name, seq, "does not follow the one before it")
        if digest(event) != event.hash:
            return Break(chain.name, seq, "was altered")
        if not is_sealed(event.hash, event.seal):
            return Break(chain.name, seq, "has a seal that is not ours")
        previous = event.hash
    if events.filter(seq__gt=models.F("chain__last_seq")).exists():
        return Break(chain.name, seq + 1, "is beyond the chain's end")
    if (seq, previous) != (chain.last_seq, chain.last_hash):
        return Break(chain.name, seq + 1, "is missing at the end")
    return None


def fault(chain: AuditChain) -> Break | None:
    """Return what is wrong with the chain's owner or its beginning. `first_break` checks the links."""
    first = chain.closed_seq + 1
    if not _is_where_it_was(chain):
        return Break(chain.name, first, "and all that follow are not where they were written: the chain was moved")
    if chain.workspace_id and not _has_beginning(chain):
        return Break(chain.name, first, "is not how the workspace came to be: what was before it is gone")
    return None


def _is_where_it_was(chain: AuditChain) -> bool:
    """Whether it belongs to the workspace that it is named after, or to one that no longer exists."""
    pk = chain.name.rpartition("#")[2]
    if chain.workspace_id or chain.is_instances:
        return str(chain.workspace_id or "instance") == pk
    return pk not in map(
        str, apps.get_model("workspaces", "Workspace")._default_manager.values_list("pk", flat=True).iterator()
    )


def _has_beginning(chain: AuditChain) -> bool:
    """Whether it starts with a valid beginning. A checkpoint counts: a chain without a beginning gets none."""
    return bool(chain.closed_seq or chain.events.filter(seq=1, action=AuditAction.WORKSPACE_CREATED).exists())
