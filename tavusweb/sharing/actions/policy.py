"""Actions on a workspace's link policy, and its enforcement."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from tavusweb.accounts.adapters import sends_mail
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.authority import confirm_permission
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from ..link_policy import LinkPolicy, Part
from ..models import ShareLink, WorkspaceLinkPolicy, policy_of
from ..policy_reach import apply_to, breaks
from ..ranking import is_live, links_of

AT_ONCE = 500  # links in one statement


class AgainstPolicy(Exception):
    """A link's rules break the workspace's policy. `problems` has a sentence for each part."""

    def __init__(self, problems: dict[Part, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def confirm_policy(link: ShareLink) -> None:
    """Raise AgainstPolicy unless the link's rules comply with its workspace's policy."""
    if problems := policy_of(link.video.workspace).problems(link.rules, timezone.now()):
        raise AgainstPolicy(problems)


@transaction.atomic
def change_policy(actor: Actor, workspace: Workspace, policy: LinkPolicy, *, is_for_live_links: bool) -> int:
    """Set the policy, for the live links as well if asked to; return how many of those it changed.

    Raises PermissionDenied. No link can be made meanwhile: that too holds the workspace first.
    """
    confirm_permission(actor, workspace, Permission.MANAGE_SETTINGS)
    now, before = timezone.now(), policy_of(workspace)
    WorkspaceLinkPolicy.objects.update_or_create(workspace=workspace, defaults=asdict(policy))
    changed = 0
    if is_for_live_links:
        pks = _breaking(workspace, policy, now)
        changed = len(pks)
        for start in range(0, changed, AT_ONCE):
            links = ShareLink.objects.filter(pk__in=pks[start : start + AT_ONCE])
            apply_to(links, policy, now, by=actor.user, sends_mail=sends_mail())
    record(
        actor,
        AuditAction.SHARE_POLICY_CHANGED,
        workspace=workspace,
        target=workspace,
        before=_changed(before, policy),
        after=_changed(policy, before) | ({"links": changed} if is_for_live_links else {}),
    )
    return changed


def _breaking(workspace: Workspace, policy: LinkPolicy, now: Any) -> list[int]:
    """Read first: each part of the policy that is applied would change which links the others still find."""
    return list(links_of(workspace).filter(is_live(now)).filter(breaks(policy, now)).values_list("pk", flat=True))


def _changed(policy: LinkPolicy, other: LinkPolicy) -> dict[str, Any]:
    theirs = asdict(other)
    return {name: value for name, value in asdict(policy).items() if value != theirs[name]}
