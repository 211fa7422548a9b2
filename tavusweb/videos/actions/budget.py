"""Change a workspace's budget; approve or decline what a parked video costs."""

from typing import Any

from django.db import transaction

from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..models import BudgetPolicy, Video
from ..wakeup import submit_later
from .moves import Moved

LIMITS = ("monthly_seconds", "approve_above_seconds")


@transaction.atomic
def change_budget(actor: Actor, workspace: Workspace, people: list[User], **limits: int | None) -> None:
    """Set the limits in seconds, and the people whose videos always need approval. Raises PermissionDenied."""
    confirm_permission(actor, workspace, Permission.OWN)
    policy, _ = BudgetPolicy.objects.select_for_update().get_or_create(workspace=workspace)
    was = _facts(policy)
    BudgetPolicy.objects.filter(pk=policy.pk).update(**limits)
    policy.refresh_from_db()
    policy.approve_people.set(people)
    after = {name: value for name, value in _facts(policy).items() if value != was[name]}
    before = {name: was[name] for name in after}
    record(actor, AuditAction.BUDGET_CHANGED, target=workspace, before=before, after=after, workspace=workspace)


def _facts(policy: BudgetPolicy) -> dict[str, Any]:
    people = sorted(policy.approve_people.values_list("email", flat=True))
    return {name: getattr(policy, name) for name in LIMITS} | {"approve_people": people}


@transaction.atomic
def approve_spending(actor: Actor, video: Video) -> None:
    """Let a parked video be sent. Raises Moved, OverBudget, PermissionDenied."""
    confirm_permission(actor, video.workspace, Permission.MANAGE_SETTINGS)
    if not video.approve_spending(by=actor.user):
        raise Moved
    record(actor, AuditAction.SPENDING_APPROVED, target=video, workspace=video.workspace)
    submit_later(video)


@transaction.atomic
def decline_spending(actor: Actor, video: Video) -> None:
    """Cancel a parked video. Raises Moved, PermissionDenied."""
    confirm_permission(actor, video.workspace, Permission.MANAGE_SETTINGS)
    if not video.awaits_approval or not video.decline_spending(by=actor.user):
        raise Moved
    record(actor, AuditAction.SPENDING_DECLINED, target=video, workspace=video.workspace)
