"""What people do with invitations: make, renew, revoke and accept them."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from tavusweb.accounts.adapters import can_verify_addresses
from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.models import Invitation, Membership, Workspace

from .granting import Moved, confirm_grant, record_in


@transaction.atomic
def invite(actor: Actor, workspace: Workspace, *, email: str, role: str, lasts_days: int) -> tuple[Invitation, str]:
    """Create an invitation; return it with its token, which is stored nowhere. Raises PermissionDenied."""
    confirm_grant(actor, workspace, role)
    invitation, token = Invitation.issue(workspace, email=email, role=role, by=actor.user, lasts_days=lasts_days)
    after = {"email": email, "role": role, "works_for_days": lasts_days}
    record_in(actor, workspace, AuditAction.MEMBER_INVITED, target=invitation, after=after)
    return invitation, token


@transaction.atomic
def renew(actor: Actor, invitation: Invitation) -> str:
    """Replace an invitation's link and restart its term; return the new token. Raises Moved, PermissionDenied."""
    confirm_grant(actor, invitation.workspace, invitation.role)
    token = invitation.renew(by=actor.user)
    if not token:
        raise Moved
    after = {"until": invitation.expires_at}
    record_in(actor, invitation.workspace, AuditAction.INVITATION_RENEWED, target=invitation, after=after)
    return token


@transaction.atomic
def revoke(actor: Actor, invitation: Invitation) -> None:
    """Turn an invitation's link off. Raises Moved, PermissionDenied."""
    confirm_grant(actor, invitation.workspace, invitation.role)
    if not invitation.revoke():
        raise Moved
    record_in(actor, invitation.workspace, AuditAction.INVITATION_REVOKED, target=invitation)


@transaction.atomic
def accept(actor: Actor, invitation: Invitation) -> None:
    """Make the actor a member by an invitation that is theirs. Raises Moved."""
    if not invitation.accept(actor.user):
        raise Moved
    after = {"role": invitation.role}
    record_in(actor, invitation.workspace, AuditAction.MEMBER_JOINED, target=invitation, after=after)


def accept_as_newcomer(actor: Actor, invitation: Invitation, create_user: Callable[[], User]) -> User:
    """Create an account at the invitation's address and make it a member, or neither. Raises Moved.

    The address counts as verified where this server can verify one: only the mailed link leads here then.
    """
    try:
        with transaction.atomic():
            user = create_account(create_user, verified=can_verify_addresses())
            accept(actor.as_user(user), invitation)
            record(actor.as_user(user), AuditAction.ACCOUNT_CREATED, target=user)
    except IntegrityError:  # a second click: the first has just created this account
        raise Moved from None
    return user


@transaction.atomic
def create_account(create_user: Callable[[], User], *, verified: bool) -> User:
    """Create a user with a primary address. Raises IntegrityError when there is an account at that address."""
    user = create_user()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    return user


def withdraw_invitations(actor: Actor, member: Membership, role: str | None) -> None:
    """Revoke the invitations that a member made and could no longer make with `role`, or without one."""
    for invitation in Invitation.objects.beyond(member, role):
        if invitation.revoke():
            record_in(actor, member.workspace, AuditAction.INVITATION_REVOKED, target=invitation)
