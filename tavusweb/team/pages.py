"""Pages that several views answer with, and what they load."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tavusweb.accounts.adapters import can_verify_addresses
from tavusweb.workspaces.decorators import WorkspaceRequest
from tavusweb.workspaces.models import Membership
from tavusweb.workspaces.permissions import may_grant

from . import invitation_links
from .forms import DomainForm, InvitationForm, RoleForm

MOVED_ON = "That is no longer possible: it was changed meanwhile."


def members_page(
    request: WorkspaceRequest,
    form: InvitationForm | None = None,
    domain_form: DomainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Everybody, and the ways in: invitations, domains; and once the link of an invitation that was just made."""
    context = {
        "form": form or InvitationForm(workspace=request.workspace, by=request.membership),
        "memberships": request.workspace.memberships.select_related("user").by_name(),
        "invitations": request.workspace.invitations.outstanding()
        .select_related("invited_by")
        .order_by("-created_at", "-pk"),
        "link": invitation_links.take(request),
        "domain_form": domain_form or DomainForm(workspace=request.workspace, by=request.user),
        "domains": request.workspace.join_domains.select_related("added_by"),
        "can_verify": can_verify_addresses(),
        "has_providers": bool(settings.OIDC_PROVIDERS),
    }
    return render(request, "workspaces/members.html", context, status=status)


def memberships(request: WorkspaceRequest) -> "QuerySet[Membership]":
    return request.workspace.memberships.select_related("user")


def find_member(request: WorkspaceRequest, pk: int) -> Membership:
    return get_object_or_404(memberships(request), pk=pk)


def check_granted(request: WorkspaceRequest, found: Membership, *roles: str) -> None:
    """Refuse whoever may not give and take this member's role and `roles`."""
    if not may_grant(request.membership.role, found.role, *roles):
        raise PermissionDenied


def member_page(request: WorkspaceRequest, found: Membership, form: RoleForm | None = None) -> HttpResponse:
    context = {
        "member": found,
        "form": form or RoleForm(initial={"role": found.role}, by=request.membership),
        "may_change": may_grant(request.membership.role, found.role),
    }
    return render(request, "workspaces/member.html", context, status=422 if form else 200)
