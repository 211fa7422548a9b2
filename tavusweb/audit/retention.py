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

CLOSE_EVERY = timedelta(days=1)  # each closing is an event too


def close_old_parts() -> int:
    """Close what is past its retention and return how many events were removed. Leave a broken chain alone.

    A workspace keeps what its owner has chosen. The instance's own audit log, and those of deleted workspaces, are kept as
    long as KEEP_INSTANCE_AUDIT_DAYS says.
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
        log.error("The audit log is not trimmed, because its chain is broken: %s", broken)  # what is there is evidence
        return 0
    with transaction.atomic():
        chain = AuditChain.objects.select_for_update().get(pk=chain.pk)
        if chain.closed_seq >= last.seq:
            return 0
        removed = last.seq - chain.closed_seq
        chain.closed_seq, chain.closed_hash, chain.closed_at = last.seq, last.hash, timezone.now()
        chain.closed_seal = audit_chain.seal(audit_chain.checkpoint(chain))
        chain.save(update_fields=["closed_seq", "closed_hash", "closed_at", "closed_seal"])
        # The one place where rows leave the audit log, by a queryset that has not forgotten how.
        models.QuerySet(AuditEvent).filter(chain=chain, seq__lte=last.seq).delete()
        _record(chain, {"through": last.seq, "events": removed})
    return removed


def _record(chain: AuditChain, closed: dict[str, int]) -> None:
    """In the chain itself; a deleted workspace's grows no more, so then in the instance's."""
    is_ended = not chain.workspace and not chain.is_instances
    record(
        Actor.system("retention"),
        AuditAction.AUDIT_LOG_TRIMMED,
        workspace=chain.workspace,
        target=chain if is_ended else None,
        after=closed,
    )
