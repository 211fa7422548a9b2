from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tavusweb.accounts.models import User
from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.http import safe_next
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace, open_to_join
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import DomainForm
from ..pages import members_page


@open_to_join
def join(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Offer membership to people whose domain allows it; the button makes them a viewer."""
    target = safe_next(request)
    if request.method != "POST":
        return render(request, "workspaces/join.html", {"workspace_to_join": workspace, "next": target})
    actions.join_by_domain(Actor.of(request).as_user(cast(User, request.user)), workspace)
    messages.success(request, _("Welcome to %(workspace)s.") % {"workspace": workspace.name})
    return redirect(target or workspace)


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def join_domain_add(request: WorkspaceRequest) -> HttpResponse:
    form = DomainForm(request.POST, workspace=request.workspace, by=request.user)
    if not form.is_valid():
        return members_page(request, domain_form=form, status=422)
    domain = form.cleaned_data["domain"]
    actions.allow_domain(Actor.of(request), request.workspace, domain)
    messages.success(request, _("Domain access for %(domain)s added.") % {"domain": domain})
    return redirect("members", request.workspace.slug)


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def join_domain_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(request.workspace.join_domains, pk=pk)
    actions.remove_domain(Actor.of(request), row)
    messages.success(request, _("Domain access for %(domain)s removed.") % {"domain": row.domain})
    return redirect("members", request.workspace.slug)
