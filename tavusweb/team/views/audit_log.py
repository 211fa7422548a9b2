from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.audit.export import FORMS
from tavusweb.audit.models import AuditChain
from tavusweb.audit.search import Events, SearchForm, events_of, file_of, search_page
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import RetentionForm


@in_workspace(Permission.READ_AUDIT_LOG)
@require_safe
def audit_log(request: WorkspaceRequest) -> HttpResponse:
    """List what happened in the workspace."""
    page = search_page(_events(request), request, SearchForm(request.GET))
    return render(request, "workspaces/audit_log.html", page | {"keep_form": RetentionForm(instance=request.workspace)})


@in_workspace(Permission.READ_AUDIT_LOG)
@require_safe
def audit_log_export(request: WorkspaceRequest, form: str) -> HttpResponseBase:
    if form not in FORMS:
        raise Http404
    search = SearchForm(request.GET)
    actions.export_audit_log(Actor.of(request), request.workspace, {"form": form} | search.query())
    return file_of(request, _events(request), search, form, name=request.workspace.slug)


@in_workspace(Permission.OWN)
@fresh_sign_in()
@require_POST
def audit_log_keep(request: WorkspaceRequest) -> HttpResponse:
    """Set how long the audit log is kept."""
    form = RetentionForm(request.POST, instance=request.workspace)
    if form.is_valid():
        days = form.cleaned_data["keep_audit_days"]
        actions.change_settings(Actor.of(request), request.workspace, Permission.OWN, keep_audit_days=days)
        messages.success(request, _("Settings saved."))
    else:
        messages.error(request, _("Choose how long to keep the audit log."))
    return redirect("audit_log", request.workspace.slug)


def _events(request: WorkspaceRequest) -> Events:
    return events_of(AuditChain.objects.filter(workspace=request.workspace))
