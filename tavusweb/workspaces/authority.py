"""The second check of a person's role, inside the transaction of the action."""

from django.core.exceptions import PermissionDenied

from tavusweb.audit.actor import Actor

from .models import Membership, Workspace
from .permissions import Permission


def confirm_permission(actor: Actor, workspace: Workspace, permission: Permission) -> Membership:
    """Read the actor's role again and hold it until the transaction ends. Raises PermissionDenied.

    Minutes can pass between the view's check and the action, while a form is filled in or Tavus is asked. The workspace
    is locked first, as in everything that changes a role.
    """
    Workspace.objects.select_for_update(no_key=True).filter(pk=workspace.pk).first()
    memberships = Membership.objects.select_for_update().filter(workspace=workspace, user=actor.user)
    membership = memberships.first() if actor.user else None
    if membership is None or not membership.can(permission):
        raise PermissionDenied
    return membership
