from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..pages import find_key, gone_is_404


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_default(request: WorkspaceRequest, pk: str) -> HttpResponse:
    key = find_key(request, pk)
    with gone_is_404():
        actions.make_default(Actor.of(request), key)
    messages.success(request, _("%(name)s is now the default key.") % {"name": key.name})
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_freeze(request: WorkspaceRequest, pk: str) -> HttpResponse:
    actions.freeze(Actor.of(request), find_key(request, pk))
    messages.success(request, _("Key frozen. Videos in progress will finish."))
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_unfreeze(request: WorkspaceRequest, pk: str) -> HttpResponse:
    actions.unfreeze(Actor.of(request), find_key(request, pk))
    messages.success(request, _("Key unfrozen. Waiting videos will be sent."))
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
def key_delete(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Delete a key. A GET asks for confirmation, for browsers without JavaScript."""
    key = find_key(request, pk)
    if request.method != "POST":
        return render(request, "keys/key_delete.html", {"key": key})
    try:
        with gone_is_404():
            actions.delete(Actor.of(request), key)
    except actions.KeyInUse as error:
        messages.error(request, _in_use(error.count))
        return redirect("key", request.workspace.slug, pk)
    messages.success(request, _("API key %(name)s deleted.") % {"name": key.name})
    return redirect("keys", request.workspace.slug)


def _in_use(count: int) -> str:
    return ngettext(
        "%(count)d video still needs this key. Wait until it is finished or cancel it. You can freeze the key meanwhile.",
        "%(count)d videos still need this key. Wait until they are finished or cancel them. "
        "You can freeze the key meanwhile.",
        count,
    ) % {"count": count}
