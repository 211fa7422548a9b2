"""The second look at a person's role, inside the transaction of an act that grants something."""

from django.core.exceptions import PermissionDenied

from tavusweb.audit.actor import Actor

from .models import Membership, Workspace
from .permissions import Permission


def confirm_permission(actor: Actor, workspace: Workspace, permission: Permission) -> Membership:
    """Read the actor's role again and hold it until the transaction ends. Raises PermissionDenied.

    Between the check at the entrance and the act, minutes can pass: a form is filled in, Tavus is asked. The workspace
    is locked first, as by everything that changes a role.
    """
    Workspace.objects.select_for_update(no_key=True).filter(pk=workspace.pk).first()
    memberships = Membership.objects.select_for_update().filter(workspace=workspace, user=actor.user)
    membership = memberships.first() if actor.user else None
    if membership is None or not membership.can(permission):
        raise PermissionDenied
    return membership
