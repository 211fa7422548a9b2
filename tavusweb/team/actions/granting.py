"""Shared by the actions of a team: the check of who can grant roles, and the audit event."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission, can_grant


class Moved(Exception):
    """Another request changed or ended it first. Nothing was done."""

    def __init__(self) -> None:
        super().__init__(_("This changed in the meantime. Check it again."))


def confirm_grant(actor: Actor, workspace: Workspace, *roles: str) -> None:
    """Raise PermissionDenied unless the actor's role, read again, can grant these. An operator needs no role."""
    if actor.is_operator:
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        return
    member = confirm_permission(actor, workspace, Permission.MANAGE_MEMBERS)
    if not can_grant(member.role, *roles):
        raise PermissionDenied


def record_in(actor: Actor, workspace: Workspace, action: AuditAction, **values: Any) -> None:
    record(actor, action, workspace=workspace, **values)
