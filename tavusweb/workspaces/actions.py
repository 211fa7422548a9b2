"""What people do to workspaces."""

from django.db import transaction
from django.http import HttpRequest

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record

from .models import Workspace


def create_workspace(name: str, owner: User, *, request: HttpRequest | None = None) -> Workspace:
    """Make a workspace, and write that down as the first event of its trail."""
    with transaction.atomic():
        workspace = Workspace.objects.found(name, owner)
        record(Actor.of(request).as_user(owner), AuditAction.WORKSPACE_CREATED, workspace=workspace, target=workspace)
    return workspace
