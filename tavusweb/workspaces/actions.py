"""What people do to workspaces."""

from django.db import transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record

from .models import Workspace


@transaction.atomic
def create_workspace(actor: Actor, name: str) -> Workspace:
    """Create a workspace that the actor owns; this is the first event of its audit log."""
    workspace = Workspace.objects.create_with_owner(name, actor.user)
    record(actor, AuditAction.WORKSPACE_CREATED, workspace=workspace, target=workspace)
    return workspace
