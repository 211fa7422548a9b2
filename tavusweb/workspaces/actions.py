"""What people do to workspaces."""

from django.db import transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record

from .creation import check_creation
from .models import Workspace


@transaction.atomic
def create_own_workspace(actor: Actor, name: str) -> Workspace:
    """Create a workspace as people do. Raises MayNotCreate."""
    check_creation(actor.user)
    return create_workspace(actor, name)


@transaction.atomic
def create_workspace(actor: Actor, name: str) -> Workspace:
    """Create a workspace that the actor owns; this is the first event of its audit log."""
    workspace = Workspace.objects.create_with_owner(name, actor.user)
    record(actor, AuditAction.WORKSPACE_CREATED, workspace=workspace, target=workspace)
    return workspace
