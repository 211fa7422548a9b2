"""Pages that several views return."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.adapters import can_verify_addresses
from tavusweb.workspaces.decorators import WorkspaceRequest
from tavusweb.workspaces.models import Membership
from tavusweb.workspaces.permissions import can_grant

from . import invitation_links, mail
from .forms import DomainForm, InvitationForm, RoleForm

MOVED = _("This changed in the meantime. Here is the current state.")


def members_page(
    request: WorkspaceRequest,
    form: InvitationForm | None = None,
    domain_form: DomainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The members, the invitations and the domains; and once, the link of an invitation that was just created."""
    context = {
        "form": form or InvitationForm(workspace=request.workspace, by=request.membership),
        "memberships": request.workspace.memberships.select_related("user").by_name(),
        "invitations": request.workspace.invitations.outstanding()
        .select_related("invited_by")
        .order_by("-created_at", "-pk"),
        "link": invitation_links.take(request),
        "domain_form": domain_form or DomainForm(workspace=request.workspace, by=request.user),
        "domains": request.workspace.join_domains.select_related("added_by"),
        "sends_mail": mail.is_set_up(),
        "can_verify": can_verify_addresses(),
        "has_providers": bool(settings.OIDC_PROVIDERS),
    }
    return render(request, "workspaces/members.html", context, status=status)


def memberships(request: WorkspaceRequest) -> "QuerySet[Membership]":
    return request.workspace.memberships.select_related("user")


def find_member(request: WorkspaceRequest, pk: int) -> Membership:
    return get_object_or_404(memberships(request), pk=pk)


def check_can_grant(request: WorkspaceRequest, member: Membership) -> None:
    """Raise PermissionDenied for a visitor who cannot give or take this member's role."""
    if not can_grant(request.membership.role, member.role):
        raise PermissionDenied


def member_page(request: WorkspaceRequest, member: Membership, form: RoleForm | None = None) -> HttpResponse:
    context = {
        "member": member,
        "form": form or RoleForm(initial={"role": member.role}, by=request.membership),
        "can_change": can_grant(request.membership.role, member.role),
    }
    return render(request, "workspaces/member.html", context, status=422 if form else 200)
