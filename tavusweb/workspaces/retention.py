"""How long a trail is kept. Its oldest part is closed with a signed checkpoint, and the rest still proves itself."""

import logging
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from . import audit
from .audit import Deed
from .models import AuditChain, AuditEvent, Workspace

log = logging.getLogger(__name__)


def close_old_parts() -> int:
    """Close what each workspace no longer keeps; answers how many events were removed. A broken chain is left alone."""
    removed = 0
    for workspace in Workspace.objects.filter(keep_trail_days__isnull=False, audit_chain__isnull=False):
        until = timezone.now() - timedelta(days=workspace.keep_trail_days or 0)
        removed += close(workspace.audit_chain, before=until)
    return removed


def close(chain: AuditChain, *, before: datetime) -> int:
    """Replace the events before this moment with a checkpoint; answers how many there were.

    The checkpoint takes the place of the last event removed: its number, its hash, and our seal over both.
    """
    events = AuditEvent.objects.filter(chain=chain)
    kept = events.filter(at__gte=before).order_by("seq").first()
    last = (events.filter(seq__lt=kept.seq) if kept else events).order_by("-seq").first()
    if last is None:
        return 0
    if broken := audit.first_break(chain):
        log.error("The trail is not shortened, because it is broken: %s", broken)  # what is there is evidence
        return 0
    with transaction.atomic():
        chain = AuditChain.objects.select_for_update().get(pk=chain.pk)
        if chain.closed_seq >= last.seq:
            return 0
        removed = last.seq - chain.closed_seq
        chain.closed_seq, chain.closed_hash, chain.closed_at = last.seq, last.hash, timezone.now()
        chain.closed_seal = audit.seal(audit.checkpoint(chain))
        chain.save(update_fields=["closed_seq", "closed_hash", "closed_at", "closed_seal"])
        # The one place where rows leave the trail, by a queryset that has not forgotten how.
        models.QuerySet(AuditEvent).filter(chain=chain, seq__lte=last.seq).delete()
        audit.record(None, Deed.TRAIL_CLOSED, workspace=chain.workspace, after={"through": last.seq, "events": removed})
    return removed
