"""The first verification of an address ends everything older on the account.

On a server that can't send email, an invitation link creates an account with an unverified address. The person who
opened the link may not be the owner of the address. When the owner arrives, by single sign-on or an emailed link,
nothing set up before may give access to the account, and they must not be in a workspace that they never chose to join.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import models, transaction
from django.utils import timezone

from tavusweb.accounts.actions import end_sessions
from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record

from .models import Invitation, Membership
from .permissions import Role


def is_proven(user: User) -> bool:
    return EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()


@transaction.atomic
def prove_from_outside(actor: Actor, user: User, *, keep_password: bool = False) -> None:
    """Give the account to the person who has just verified its address without being signed in.

    Ends the memberships too. If the account is the only owner of a workspace, an admin takes its place. Without an
    admin the account stays the owner and the other members are removed, because the account itself admitted them.
    """
    _end_ways_in(actor, user, keep_password=keep_password)
    for membership in Membership.objects.filter(user=user).select_related("workspace").order_by("pk"):
        _end(actor, membership)


@transaction.atomic
def prove_from_inside(actor: Actor, user: User, session: SessionBase, *, keep: SocialAccount) -> None:
    """End every way to sign in except this session and the provider account that verified the address.

    The memberships stay: the person was signed in and knows them.
    """
    _end_ways_in(actor, user, session_key=session.session_key, keep=keep)
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()


def _end_ways_in(
    actor: Actor,
    user: User,
    *,
    keep_password: bool = False,
    session_key: str | None = None,
    keep: SocialAccount | None = None,
) -> None:
    ended: dict[str, models.QuerySet[Any]] = {
        "provider_accounts": SocialAccount.objects.filter(user=user).exclude(pk=keep.pk if keep else 0),
        "second_factors": Authenticator.objects.filter(user=user),
        "other_addresses": EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email),
    }
    counts = {f"removed_{name}": rows.count() for name, rows in ended.items()}
    for rows in ended.values():
        rows.delete()
    end_sessions(actor.as_user(user), UserSession.objects.filter(user=user).exclude(session_key=session_key or ""))
    if not keep_password:  # it also ends the sessions that are not listed
        user.set_unusable_password()
        user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    after = {"verified": user.email} | {name: count for name, count in counts.items() if count}
    record(actor.as_user(user), AuditAction.ACCOUNT_CHANGED, target=user, after=after)


def _end(actor: Actor, membership: Membership) -> None:
    """End a membership and the invitations made with it. The workspace keeps an owner."""
    membership.hold_workspace()
    workspace, user = membership.workspace, membership.user
    outstanding = Invitation.objects.outstanding().filter(workspace=workspace, invited_by=user)
    outstanding.update(revoked_at=timezone.now())
    others = Membership.objects.filter(workspace=workspace).exclude(pk=membership.pk).order_by("joined_at", "pk")
    if membership.is_last_owner:
        admin = others.filter(user__is_active=True, role=Role.ADMIN).first()
        if admin is None:
            _remove(actor, user, others)
            return
        admin.change_role(Role.OWNER)
        record(actor.as_user(user), AuditAction.OWNERSHIP_HANDED_OVER, workspace=workspace, target=admin.user)
    _remove(actor, user, Membership.objects.filter(pk=membership.pk))


def _remove(actor: Actor, user: User, memberships: models.QuerySet[Membership]) -> None:
    for each in memberships.select_related("workspace", "user"):
        action = AuditAction.MEMBER_LEFT if each.user_id == user.pk else AuditAction.MEMBER_REMOVED
        before = {"role": each.role}
        after = {"because": "first_proof"}
        record(actor.as_user(user), action, workspace=each.workspace, target=each.user, before=before, after=after)
        each.delete()
