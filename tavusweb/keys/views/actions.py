from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..pages import find_key


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_default(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = find_key(request, pk)
    with transaction.atomic():
        found.make_default()
        record(Actor.of(request), AuditAction.KEY_MADE_DEFAULT, target=found)
    messages.success(request, f"New videos begin with {found.name}.")
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_freeze(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = find_key(request, pk)
    with transaction.atomic():
        if found.freeze(by=request.user):
            record(Actor.of(request), AuditAction.KEY_FROZEN, target=found)
    messages.success(request, "Frozen. Nothing more is sent with this key; what is in production is followed on.")
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_unfreeze(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = find_key(request, pk)
    with transaction.atomic():
        if found.unfreeze():
            record(Actor.of(request), AuditAction.KEY_UNFROZEN, target=found)
    messages.success(request, "Unfrozen. Waiting videos go out again.")
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
def key_delete(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Delete a key; a GET asks first, for those whose browser opens no dialog."""
    found = find_key(request, pk)
    if request.method != "POST":
        return render(request, "keys/key_delete.html", {"key": found})
    with transaction.atomic():
        if retired := found.retire():
            record(Actor.of(request), AuditAction.KEY_DELETED, target=found)
    if not retired:
        number = found.videos.pending().count() + sum(old.videos.pending().count() for old in found.predecessors.all())
        videos = "1 video still needs" if number == 1 else f"{number} videos still need"
        messages.error(request, f"{videos} this key. Let it finish or cancel, or freeze the key meanwhile.")
        return redirect("key", request.workspace.slug, pk)
    messages.success(request, f"{found.name} is deleted, and its secret is gone from this server.")
    return redirect("keys", request.workspace.slug)
