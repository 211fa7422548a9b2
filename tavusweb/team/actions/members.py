"""What people do to the members of a workspace."""

from django.db import transaction

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.sharing.actions import revoke_links_of
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Membership
from tavusweb.workspaces.permissions import Permission, Role

from .granting import Moved, confirm_grant, record_in
from .invitations import withdraw_invitations


@transaction.atomic
def change_role(actor: Actor, member: Membership, role: str) -> None:
    """Give a member another role. Raises LastOwner, Moved, PermissionDenied."""
    confirm_grant(actor, member.workspace, member.role, role)
    if not member.change_role(role):
        raise Moved
    before, after = {"role": member.role}, {"role": role}
    record_in(actor, member.workspace, AuditAction.ROLE_CHANGED, target=member.user, before=before, after=after)
    withdraw_invitations(actor, member, role)


@transaction.atomic
def add_member(actor: Actor, member: Membership) -> None:
    """Save a membership that an operator makes; people come in by an invitation or their domain."""
    confirm_grant(actor, member.workspace, member.role)
    member.save(force_insert=True)
    after = {"role": member.role}
    record_in(actor, member.workspace, AuditAction.MEMBER_JOINED, target=member.user, after=after)


@transaction.atomic
def hand_over(actor: Actor, to: Membership) -> None:
    """Make a member the owner and the actor an admin. Raises LastOwner, Moved, PermissionDenied."""
    owner = confirm_permission(actor, to.workspace, Permission.OWN)
    if not owner.hand_over(to):
        raise Moved
    before = {"role": to.role}
    record_in(actor, to.workspace, AuditAction.OWNERSHIP_HANDED_OVER, target=to.user, before=before)
    withdraw_invitations(actor, owner, Role.ADMIN)


@transaction.atomic
def remove(actor: Actor, member: Membership, *, revoke_links: bool = False) -> int:
    """Remove a member, and their share links if asked to; return how many were revoked.

    Raises LastOwner, Moved, PermissionDenied.
    """
    confirm_grant(actor, member.workspace, member.role)
    # Lock links before the audit log, as `sharing.actions.revoke` does: the other order could deadlock.
    links = revoke_links_of(actor, member) if revoke_links else []
    if not member.remove():
        raise Moved
    record_in(actor, member.workspace, AuditAction.MEMBER_REMOVED, target=member.user, before={"role": member.role})
    withdraw_invitations(actor, member, None)
    for link in links:
        record_in(actor, member.workspace, AuditAction.SHARE_REVOKED, target=link)
    return len(links)


@transaction.atomic
def leave(actor: Actor, member: Membership) -> None:
    """End the actor's own membership. Raises LastOwner, Moved."""
    if not member.leave():
        raise Moved
    record_in(actor, member.workspace, AuditAction.MEMBER_LEFT, target=member.user, before={"role": member.role})
    withdraw_invitations(actor, member, None)
