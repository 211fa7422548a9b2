"""Actions on the visit settings."""

from django.db import transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission


@transaction.atomic
def keep_visits(actor: Actor, workspace: Workspace, days: int | None) -> None:
    """Set how many days a workspace keeps visits; None uses the server's limit."""
    confirm_permission(actor, workspace, Permission.MANAGE_SETTINGS)
    rows = Workspace.objects.filter(pk=workspace.pk)
    before = rows.values("keep_visits_days").get()
    rows.update(keep_visits_days=days)
    after = {"keep_visits_days": days}
    record(actor, AuditAction.SETTINGS_CHANGED, workspace=workspace, before=before, after=after)
