"""A workspace's budget in seconds of video, and the reservation that every purchase needs."""

import math
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from tavusweb.workspaces.models import Membership, Workspace
from tavusweb.workspaces.permissions import Permission

from ..budget_rules import LONGEST_RECORDING, Rules, Verdict, decide, month_of
from ..spec import VideoSpec
from ..wait_reasons import Wait
from .copy import spoken_seconds
from .status import Status
from .transitions import TransitionsMixin

if TYPE_CHECKING:
    from tavusweb.accounts.models import User


class OverBudget(Exception):
    """The video would exceed what is left of the month's budget. Nothing was queued."""

    def __init__(self, *, needed: int, left: int) -> None:
        self.needed, self.left = needed, left


class BudgetPolicy(models.Model):
    """What a workspace may spend in a month, and what an owner or admin approves first. Practice videos cost nothing."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="budget_policy")
    monthly_seconds = models.PositiveIntegerField(null=True, blank=True)
    approve_above_seconds = models.PositiveIntegerField(null=True, blank=True)
    approve_people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)

    def __str__(self) -> str:
        return str(self.workspace)


def reserved_in(workspace_id: Any) -> int:
    """The seconds that live videos of a workspace have reserved this month. Parked ones reserve nothing yet."""
    parked = Q(status=Status.WAITING, wait=Wait.APPROVAL)
    rows = Workspace(pk=workspace_id).videos.filter(reserved_seconds__gt=0, reserved_at__gte=month_of(timezone.now()))
    return int(rows.exclude(parked).aggregate(sum=Sum("reserved_seconds"))["sum"] or 0)


class BudgetMixin(TransitionsMixin):
    """Reserve seconds when a video is queued, in the transaction that queues it."""

    reserved_seconds = models.PositiveIntegerField(default=0, editable=False)
    reserved_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)  # approvers, of a parked video

    class Meta:
        abstract = True

    @property
    def awaits_approval(self) -> bool:
        """Whether it is parked until somebody approves what it will cost."""
        return self.status == Status.WAITING and self.wait == Wait.APPROVAL

    @staticmethod
    def seconds_asked(spec: VideoSpec) -> int:
        """The whole seconds that a spec is expected to take; an unheard recording counts as long as Tavus allows."""
        if spec.audio_url and not spec.audio:
            return math.ceil(LONGEST_RECORDING)
        return math.ceil(spoken_seconds(spec.script, spec.audio.seconds if spec.audio else None) or 0)

    def reserve(self, *, by: "User | None", is_approved: bool = False) -> dict[str, Any]:
        """Return the columns of a video that is about to be queued. Raises OverBudget.

        The policy is locked until the transaction ends, so that two people at once cannot overspend.
        """
        if self.api_key is None or self.api_key.is_sandbox:
            return {"reserved_seconds": 0, "reserved_at": None}
        seconds = self.seconds_asked(self.spec)
        changes: dict[str, Any] = {"reserved_seconds": seconds, "reserved_at": timezone.now(), "reminded_at": None}
        policy = BudgetPolicy.objects.select_for_update().filter(workspace=self.workspace_id).first()
        if policy is None:
            return changes
        used = reserved_in(self.workspace_id) if policy.monthly_seconds is not None else 0
        verdict = verdict_on(policy, seconds, used, self.workspace, by, is_approved=is_approved)
        if verdict == Verdict.REFUSE:
            raise OverBudget(needed=seconds, left=max((policy.monthly_seconds or 0) - used, 0))
        return changes | ({"wait": Wait.APPROVAL, "next_attempt_at": None} if verdict == Verdict.PARK else {})


def verdict_on(
    policy: BudgetPolicy,
    seconds: int,
    used: int,
    workspace: Workspace,
    by: "User | None",
    *,
    is_approved: bool = False,
) -> Verdict:
    """Decide on a purchase by a person; the program itself, and who may approve, needs no approval."""
    needs_approval = by is not None and policy.approve_people.filter(pk=by.pk).exists()
    rules = Rules(policy.monthly_seconds, policy.approve_above_seconds, needs_approval)
    membership = Membership.objects.filter(workspace=workspace, user=by).first() if by else None
    is_approver = is_approved or by is None or bool(membership and membership.can(Permission.MANAGE_SETTINGS))
    return decide(rules, seconds=seconds, used=used, is_approver=is_approver)
