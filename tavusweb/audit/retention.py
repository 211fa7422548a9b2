"""Retention of audit logs: a signed checkpoint replaces the oldest events, and the rest can still be verified."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tavusweb.audit.actor import Actor

from . import chain as audit_chain
from . import verify
from .actions import AuditAction
from .models import AuditChain, AuditEvent
from .record import record
from .verify import fault

log = logging.getLogger(__name__)

CLOSE_EVERY = timedelta(days=1)  # each checkpoint is recorded as an event too


def close_old_parts() -> int:
    """Remove events past their retention and return how many. A broken chain is left alone.

    The owner chooses the retention of a workspace's log; KEEP_INSTANCE_AUDIT_DAYS sets it for the instance's own and
    for those of deleted workspaces.
    """
    now, removed = timezone.now(), 0
    rested = Q(closed_at=None) | Q(closed_at__lte=now - CLOSE_EVERY)
    for chain in AuditChain.objects.filter(rested).select_related("workspace").order_by("pk"):
        if days := chain.workspace.keep_audit_days if chain.workspace else settings.KEEP_INSTANCE_AUDIT_DAYS:
            removed += close(chain, before=now - timedelta(days=days))
    return removed


def close(chain: AuditChain, *, before: datetime) -> int:
    """Replace the events before this moment with a checkpoint and return how many there were.

    The checkpoint takes the place of the last event removed: its number, its hash, and our seal over both.
    """
    events = AuditEvent.objects.filter(chain=chain)
    first_to_stay = events.filter(at__gte=before).order_by("seq").first()
    last = (events.filter(seq__lt=first_to_stay.seq) if first_to_stay else events).order_by("-seq").first()
    if last is None:
        return 0
    if broken := fault(chain) or verify.first_break(chain):
        log.error("The audit log is not trimmed, because its chain is broken: %s", broken)  # its events are evidence
        return 0
    with transaction.atomic():
        chain = AuditChain.objects.select_for_update().get(pk=chain.pk)
        if chain.closed_seq >= last.seq:
            return 0
        removed = last.seq - chain.closed_seq
        chain.closed_seq, chain.closed_hash, chain.closed_at = last.seq, last.hash, timezone.now()
        chain.closed_seal = audit_chain.seal(audit_chain.checkpoint(chain))
        chain.save(update_fields=["closed_seq", "closed_hash", "closed_at", "closed_seal"])
        # The only place that deletes rows of the audit log, with a queryset that still can.
        models.QuerySet(AuditEvent).filter(chain=chain, seq__lte=last.seq).delete()
        _record(chain, {"through": last.seq, "events": removed})
    return removed


def _record(chain: AuditChain, closed: dict[str, int]) -> None:
    """Record in the chain itself, or for a deleted workspace, whose chain is closed, in the instance's."""
    is_ended = not chain.workspace and not chain.is_instances
    record(
        Actor.system("retention"),
        AuditAction.AUDIT_LOG_TRIMMED,
        workspace=chain.workspace,
        target=chain if is_ended else None,
        after=closed,
    )
