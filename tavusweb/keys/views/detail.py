from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import NAME_TAKEN, LimitForm, NameForm
from ..pages import find_key, gone_is_404, key_page


@in_workspace(Permission.WATCH)
@require_safe
def keys(request: WorkspaceRequest) -> HttpResponse:
    rows = request.workspace.api_keys.current().order_by("-is_default", "created_at").select_related("created_by")
    return render(request, "keys/keys.html", {"keys": rows.annotate(replica_count=Count("replicas"))})


@in_workspace(Permission.MANAGE_KEYS)
@require_safe
def key(request: WorkspaceRequest, pk: str) -> HttpResponse:
    return key_page(request, find_key(request, pk))


@in_workspace(Permission.MANAGE_KEYS)
@require_POST
def key_rename(request: WorkspaceRequest, pk: str) -> HttpResponse:
    key = find_key(request, pk)
    form = NameForm(request.POST, workspace=request.workspace, key=key)
    if form.is_valid():
        try:
            with gone_is_404():
                actions.rename(Actor.of(request), key, form.cleaned_data["name"])
        except actions.NameTaken:
            form.add_error("name", NAME_TAKEN)
    if form.errors:
        return key_page(request, key, name_form=form)
    messages.success(request, _("Key renamed."))
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_limit(request: WorkspaceRequest, pk: str) -> HttpResponse:
    key = find_key(request, pk)
    form = LimitForm(request.POST)
    if not form.is_valid():
        return key_page(request, key, limit_form=form)
    with gone_is_404():
        actions.set_limit(Actor.of(request), key, form.cleaned_data["max_slots"])
    messages.success(request, _("Limit saved."))
    return redirect("key", request.workspace.slug, pk)
