"""Actions on a workspace's branding."""

from typing import Any

from django.db import transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..models.branding import Branding

OF_THE_LOGO = {"logo", "logo_type", "logo_width", "logo_height"}  # its digest stands for it in the audit log


@transaction.atomic
def change_branding(actor: Actor, workspace: Workspace, **changes: Any) -> Branding:
    """Change a workspace's branding. Raises PermissionDenied."""
    confirm_permission(actor, workspace, Permission.MANAGE_SETTINGS)
    branding, _ = Branding.objects.select_for_update().get_or_create(workspace=workspace)
    before = _told(branding)
    for name, value in changes.items():
        setattr(branding, name, value)
    branding.save(update_fields=list(changes))
    after = _told(branding)
    changed = {name for name in before if before[name] != after[name]}
    if changed:
        record(
            actor,
            AuditAction.BRANDING_CHANGED,
            workspace=workspace,
            target=workspace,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return branding


def _told(branding: Branding) -> dict[str, Any]:
    names = {field.name for field in Branding._meta.concrete_fields} - OF_THE_LOGO - {"id", "workspace"}
    return {name: getattr(branding, name) for name in names}
