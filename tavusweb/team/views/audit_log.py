from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.export import FORMS
from tavusweb.audit.models import AuditChain
from tavusweb.audit.record import record
from tavusweb.audit.search import Events, SearchForm, events_of, file_of, search_page
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..actions import change_workspace
from ..forms import KeepTrailForm


@in_workspace(Permission.READ_TRAIL)
@require_safe
def trail(request: WorkspaceRequest) -> HttpResponse:
    """What happened in the workspace."""
    found = search_page(_events(request), request, SearchForm(request.GET))
    context = found | {"keep_form": KeepTrailForm(instance=request.workspace)}
    return render(request, "workspaces/trail.html", context)


@in_workspace(Permission.READ_TRAIL)
@require_safe
def trail_export(request: WorkspaceRequest, form: str) -> HttpResponseBase:
    if form not in FORMS:
        raise Http404
    narrowed = SearchForm(request.GET)
    record(Actor.of(request), AuditAction.AUDIT_LOG_EXPORTED, after={"form": form} | narrowed.query())
    return file_of(_events(request), narrowed, form, name=request.workspace.slug)


@in_workspace(Permission.OWN)
@fresh_sign_in()
@require_POST
def trail_keep(request: WorkspaceRequest) -> HttpResponse:
    """How long the trail is kept: the owner's word."""
    form = KeepTrailForm(request.POST, instance=request.workspace)
    if form.is_valid():
        change_workspace(request, keep_trail_days=form.cleaned_data["keep_trail_days"])
        messages.success(request, "Saved.")
    else:
        messages.error(request, "Choose one of the terms.")
    return redirect("trail", request.workspace.slug)


def _events(request: WorkspaceRequest) -> Events:
    return events_of(AuditChain.objects.filter(workspace=request.workspace))
