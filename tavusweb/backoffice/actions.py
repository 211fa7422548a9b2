"""What operators do across workspaces, each act with its audit event."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditChain
from tavusweb.audit.record import record
from tavusweb.workspaces.models import Membership

STARTED = "first start"  # the actor before any account exists


@transaction.atomic
def create_first_owner(email: str, password: str, *, name: str) -> User:
    """Create the first account of the instance, a superuser. The operator chose its address, so it is verified."""
    owner = User.objects.create_superuser(email, password, name=name)
    EmailAddress.objects.create(user=owner, email=owner.email, primary=True, verified=True)
    after = {"by": "first_start", "is_superuser": True}
    record(Actor.system(STARTED, user=owner), AuditAction.ACCOUNT_CREATED, target=owner, after=after)
    return owner


def rotate_field_keys(actor: Actor, *, rows: int, newest: str) -> None:
    """Record a rotation before it begins, so that an interrupted one is recorded too."""
    record(actor, AuditAction.FIELD_KEYS_ROTATED, after={"rows": rows, "with": newest})


def record_account_saved(actor: Actor, user: User, *, is_new: bool, command: str) -> None:
    """Record what one of Django's account commands did."""
    action = AuditAction.ACCOUNT_CREATED if is_new else AuditAction.ACCOUNT_CHANGED
    after = {"is_superuser": user.is_superuser} if is_new else {"changed": "sign_in"}
    record(actor, action, target=user, after={"by": command} | after)


@transaction.atomic
def delete_users(actor: Actor, users: QuerySet[User], *, delete: Callable[[QuerySet[User]], None]) -> None:
    """Delete accounts with their memberships; each workspace's audit log records who left it.

    `delete` is the admin's own, which logs too.
    """
    ended = list(Membership.objects.filter(user__in=users).select_related("user", "workspace"))
    delete(users)
    for membership in ended:
        record(
            actor,
            AuditAction.MEMBER_REMOVED,
            workspace=membership.workspace,
            target=membership.user,
            before={"role": membership.role},
        )


def read_audit_log(actor: Actor, chain: AuditChain) -> None:
    """Record that an operator reads a chain."""
    _record(actor, AuditAction.AUDIT_LOG_READ, chain)


def export_audit_log(actor: Actor, chain: AuditChain | None, *, file_format: str, query: dict[str, str]) -> None:
    """Record that an operator exports a chain; None is the instance's own."""
    _record(actor, AuditAction.AUDIT_LOG_EXPORTED, chain, after={"form": file_format} | query)


def _record(actor: Actor, action: AuditAction, chain: AuditChain | None, after: dict[str, str] | None = None) -> None:
    """Record in the workspace's own log; a deleted workspace's is closed, so then in the instance's."""
    workspace = chain.workspace if chain else None
    record(actor, action, workspace=workspace, target=None if workspace else chain, after=after or {})
