"""What people do to the members of a workspace, and to the workspace itself."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import ngettext

from tavusweb.accounts.adapters import can_verify_addresses
from tavusweb.accounts.email_domains import verified_domains
from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.sharing.actions import revoke_links_of
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import PENDING
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Invitation, JoinDomain, Membership, Workspace
from tavusweb.workspaces.permissions import Permission, Role, can_grant


class Moved(Exception):
    """Another request changed or ended it first. Nothing was done."""


class StillAtWork(Exception):
    """Videos of the workspace are in the queue or in production: bought, or about to be."""

    def __init__(self, count: int) -> None:
        message = ngettext(
            "%(count)d video is still in progress. Wait until it finishes, or cancel it.",
            "%(count)d videos are still in progress. Wait until they finish, or cancel those that are waiting.",
            count,
        )
        super().__init__(message % {"count": count})


# Members


@transaction.atomic
def change_role(actor: Actor, member: Membership, role: str) -> None:
    """Give a member another role. Raises LastOwner, Moved, PermissionDenied."""
    _confirm_grant(actor, member.workspace, member.role, role)
    if not member.change_role(role):
        raise Moved
    before, after = {"role": member.role}, {"role": role}
    _record(actor, member.workspace, AuditAction.ROLE_CHANGED, target=member.user, before=before, after=after)
    _withdraw_invitations(actor, member, role)


@transaction.atomic
def hand_over(actor: Actor, to: Membership) -> None:
    """Make a member the owner and the actor an admin. Raises LastOwner, Moved, PermissionDenied."""
    owner = confirm_permission(actor, to.workspace, Permission.OWN)
    if not owner.hand_over(to):
        raise Moved
    before = {"role": to.role}
    _record(actor, to.workspace, AuditAction.OWNERSHIP_HANDED_OVER, target=to.user, before=before)
    _withdraw_invitations(actor, owner, Role.ADMIN)


@transaction.atomic
def remove(actor: Actor, member: Membership, *, revoke_links: bool = False) -> int:
    """Remove a member, and their share links if asked to; return how many were revoked.

    Raises LastOwner, Moved, PermissionDenied.
    """
    _confirm_grant(actor, member.workspace, member.role)
    # Links before the audit log, in the order of `sharing.actions.revoke`: the other order could deadlock.
    links = revoke_links_of(actor, member) if revoke_links else []
    if not member.remove():
        raise Moved
    _record(actor, member.workspace, AuditAction.MEMBER_REMOVED, target=member.user, before={"role": member.role})
    _withdraw_invitations(actor, member, None)
    for link in links:
        _record(actor, member.workspace, AuditAction.SHARE_REVOKED, target=link)
    return len(links)


@transaction.atomic
def leave(actor: Actor, member: Membership) -> None:
    """End the actor's own membership. Raises LastOwner, Moved."""
    if not member.leave():
        raise Moved
    _record(actor, member.workspace, AuditAction.MEMBER_LEFT, target=member.user, before={"role": member.role})
    _withdraw_invitations(actor, member, None)


def _withdraw_invitations(actor: Actor, member: Membership, role: str | None) -> None:
    """Revoke the invitations that a member made and could no longer make with `role`, or without one."""
    for invitation in Invitation.objects.beyond(member, role):
        if invitation.revoke():
            _record(actor, member.workspace, AuditAction.INVITATION_REVOKED, target=invitation)


# Invitations


@transaction.atomic
def invite(actor: Actor, workspace: Workspace, *, email: str, role: str, lasts_days: int) -> tuple[Invitation, str]:
    """Create an invitation; return it with its token, which is stored nowhere. Raises PermissionDenied."""
    _confirm_grant(actor, workspace, role)
    invitation, token = Invitation.issue(workspace, email=email, role=role, by=actor.user, lasts_days=lasts_days)
    after = {"email": email, "role": role, "works_for_days": lasts_days}
    _record(actor, workspace, AuditAction.MEMBER_INVITED, target=invitation, after=after)
    return invitation, token


@transaction.atomic
def renew(actor: Actor, invitation: Invitation) -> str:
    """Replace an invitation's link and restart its term; return the new token. Raises Moved, PermissionDenied."""
    _confirm_grant(actor, invitation.workspace, invitation.role)
    token = invitation.renew(by=actor.user)
    if not token:
        raise Moved
    after = {"until": invitation.expires_at}
    _record(actor, invitation.workspace, AuditAction.INVITATION_RENEWED, target=invitation, after=after)
    return token


@transaction.atomic
def revoke(actor: Actor, invitation: Invitation) -> None:
    """Turn an invitation's link off. Raises Moved, PermissionDenied."""
    _confirm_grant(actor, invitation.workspace, invitation.role)
    if not invitation.revoke():
        raise Moved
    _record(actor, invitation.workspace, AuditAction.INVITATION_REVOKED, target=invitation)


@transaction.atomic
def accept(actor: Actor, invitation: Invitation) -> None:
    """Make the actor a member by an invitation that is theirs. Raises Moved."""
    if not invitation.accept(actor.user):
        raise Moved
    after = {"role": invitation.role}
    _record(actor, invitation.workspace, AuditAction.MEMBER_JOINED, target=invitation, after=after)


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


# Domain access


@transaction.atomic
def allow_domain(actor: Actor, workspace: Workspace, domain: str) -> None:
    """Let people with a verified address at `domain` join as viewers. Raises PermissionDenied."""
    confirm_permission(actor, workspace, Permission.MANAGE_MEMBERS)
    _, is_new = workspace.join_domains.get_or_create(domain=domain, defaults={"added_by": actor.user})
    if is_new:
        _record(actor, workspace, AuditAction.SETTINGS_CHANGED, after={"people_may_join_at": domain})


@transaction.atomic
def remove_domain(actor: Actor, row: JoinDomain) -> None:
    """End the access of a domain; members stay members."""
    if JoinDomain.objects.filter(pk=row.pk).delete()[0]:
        _record(actor, row.workspace, AuditAction.SETTINGS_CHANGED, before={"people_may_join_at": row.domain})


@transaction.atomic
def join_by_domain(actor: Actor, workspace: Workspace) -> None:
    """Make the actor a viewer, if the domain of a verified address allows it and they are not a member yet."""
    if workspace.join(actor.user):
        after = {"role": Role.VIEWER, "with_an_address_at": sorted(verified_domains(actor.user))}
        _record(actor, workspace, AuditAction.MEMBER_JOINED, target=actor.user, after=after)


# The workspace


@transaction.atomic
def change_settings(actor: Actor, workspace: Workspace, permission: Permission, **values: object) -> None:
    """Set fields of the workspace. Raises PermissionDenied."""
    confirm_permission(actor, workspace, permission)
    before = Workspace.objects.values(*values).get(pk=workspace.pk)
    Workspace.objects.filter(pk=workspace.pk).update(**values)
    _record(actor, workspace, AuditAction.SETTINGS_CHANGED, before=before, after=values)


def export_audit_log(actor: Actor, workspace: Workspace, query: dict[str, Any]) -> None:
    """Record that somebody took the audit log away as a file."""
    _record(actor, workspace, AuditAction.AUDIT_LOG_EXPORTED, after=query)


@transaction.atomic
def delete_workspace(actor: Actor, workspace: Workspace) -> None:
    """Delete the workspace and everything in it; its audit log stays. Raises StillAtWork, PermissionDenied.

    Its videos at Tavus stay there: deleting them is asked for one by one, while the workspace exists.
    """
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    confirm_permission(actor, workspace, Permission.OWN)
    videos = Video.objects.filter(workspace=workspace)
    # Every row is locked, so that no worker claims a video that is about to be deleted.
    states = videos.select_for_update().values_list("status", "wants_delete")
    if busy := sum(status in PENDING or bool(wants_delete) for status, wants_delete in states):
        raise StillAtWork(busy)
    _record(actor, workspace, AuditAction.WORKSPACE_DELETED, target=workspace)
    for audio in AudioFile.objects.filter(workspace=workspace):
        transaction.on_commit(partial(audio.file.delete, save=False))
    videos.delete()  # before the keys, which no video may lose
    workspace.delete()


def _confirm_grant(actor: Actor, workspace: Workspace, *roles: str) -> None:
    member = confirm_permission(actor, workspace, Permission.MANAGE_MEMBERS)
    if not can_grant(member.role, *roles):
        raise PermissionDenied


def _record(actor: Actor, workspace: Workspace, action: AuditAction, **values: Any) -> None:
    record(actor, action, workspace=workspace, **values)
