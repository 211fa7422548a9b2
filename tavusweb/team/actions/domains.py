"""What people do with domain access."""

from django.db import transaction

from tavusweb.accounts.email_domains import verified_domains
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import JoinDomain, Workspace
from tavusweb.workspaces.permissions import Permission, Role

from .granting import record_in


@transaction.atomic
def allow_domain(actor: Actor, workspace: Workspace, domain: str) -> None:
    """Let people with a verified address at `domain` join as viewers. Raises PermissionDenied."""
    confirm_permission(actor, workspace, Permission.MANAGE_MEMBERS)
    _row, is_new = workspace.join_domains.get_or_create(domain=domain, defaults={"added_by": actor.user})
    if is_new:
        record_in(actor, workspace, AuditAction.SETTINGS_CHANGED, after={"people_may_join_at": domain})


@transaction.atomic
def remove_domain(actor: Actor, row: JoinDomain) -> None:
    """End the access of a domain; members stay members."""
    if JoinDomain.objects.filter(pk=row.pk).delete()[0]:
        record_in(actor, row.workspace, AuditAction.SETTINGS_CHANGED, before={"people_may_join_at": row.domain})


@transaction.atomic
def join_by_domain(actor: Actor, workspace: Workspace) -> None:
    """Make the actor a viewer, if the domain of a verified address allows it and they are not a member yet."""
    if workspace.join(actor.user):
        after = {"role": Role.VIEWER, "with_an_address_at": sorted(verified_domains(actor.user))}
        record_in(actor, workspace, AuditAction.MEMBER_JOINED, target=actor.user, after=after)
