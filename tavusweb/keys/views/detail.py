from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..forms import LimitForm, NameForm
from ..models import APIKey
from ..pages import find_key, key_page


@in_workspace(Permission.WATCH)
@require_safe
def keys(request: WorkspaceRequest) -> HttpResponse:
    listed = request.workspace.api_keys.current().order_by("-is_default", "created_at").select_related("created_by")
    return render(request, "keys/keys.html", {"keys": listed.annotate(replica_count=Count("replicas"))})


@in_workspace(Permission.MANAGE_KEYS)
@require_safe
def key(request: WorkspaceRequest, pk: str) -> HttpResponse:
    return key_page(request, find_key(request, pk))


@in_workspace(Permission.MANAGE_KEYS)
@require_POST
def key_rename(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = find_key(request, pk)
    form = NameForm(request.POST, workspace=request.workspace, key=found)
    if not form.is_valid():
        return key_page(request, found, name_form=form)
    _change(request, found, AuditAction.KEY_RENAMED, name=form.cleaned_data["name"])
    messages.success(request, "Renamed.")
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_limit(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = find_key(request, pk)
    form = LimitForm(request.POST)
    if not form.is_valid():
        return key_page(request, found, limit_form=form)
    _change(request, found, AuditAction.KEY_LIMITED, max_slots=form.cleaned_data["max_slots"])
    messages.success(request, "Saved.")
    return redirect("key", request.workspace.slug, pk)


def _change(request: WorkspaceRequest, found: APIKey, action: AuditAction, **values: object) -> None:
    was = {name: getattr(found, name) for name in values}
    with transaction.atomic():
        APIKey.objects.filter(pk=found.pk).update(**values)
        record(Actor.of(request), action, target=found, before=was, after=values)
