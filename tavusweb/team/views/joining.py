from typing import cast

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tavusweb.accounts.email_domains import verified_domains
from tavusweb.accounts.models import User
from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.decorators import WorkspaceRequest, at_the_door, in_workspace
from tavusweb.workspaces.models import JoinDomain, Workspace
from tavusweb.workspaces.permissions import Permission, Role

from ..forms import DomainForm
from ..pages import members_page


@at_the_door
def join(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Ask who may join by the domain of their address, and make them a viewer when they press the button."""
    user = cast(User, request.user)
    wanted = request.GET.get("next") or request.POST.get("next", "")
    wanted = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""
    if request.method == "POST":
        with transaction.atomic():
            if workspace.join(user):
                how = {"role": Role.VIEWER, "with_an_address_at": sorted(verified_domains(user))}
                record(
                    Actor.of(request).as_user(user),
                    AuditAction.MEMBER_JOINED,
                    workspace=workspace,
                    target=user,
                    after=how,
                )
        messages.success(request, f"Welcome to {workspace.name}.")
        return redirect(wanted or workspace)
    return render(request, "workspaces/join.html", {"workspace_to_join": workspace, "next": wanted})


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def join_domain_add(request: WorkspaceRequest) -> HttpResponse:
    """Open the workspace to who has an address at a domain."""
    form = DomainForm(request.POST, workspace=request.workspace, by=request.user)
    if form.is_valid():
        try:
            with transaction.atomic():
                added = request.workspace.join_domains.create(domain=form.cleaned_data["domain"], added_by=request.user)
                record(Actor.of(request), AuditAction.SETTINGS_CHANGED, after={"people_may_join_at": added.domain})
        except IntegrityError:  # a second click: the first has just added it
            pass
        messages.success(request, f"People with an address at {form.cleaned_data['domain']} may join now.")
        return redirect("members", request.workspace.slug)
    return members_page(request, domain_form=form, status=422)


@in_workspace(Permission.MANAGE_MEMBERS)
@fresh_sign_in()
@require_POST
def join_domain_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Close it again; who has joined stays."""
    found = get_object_or_404(request.workspace.join_domains, pk=pk)
    with transaction.atomic():
        if JoinDomain.objects.filter(pk=found.pk).delete()[0]:
            record(Actor.of(request), AuditAction.SETTINGS_CHANGED, before={"people_may_join_at": found.domain})
    messages.success(request, f"Nobody joins by an address at {found.domain} any more. Members stay members.")
    return redirect("members", request.workspace.slug)
