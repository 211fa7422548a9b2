"""Adding, replacing and checking a key: the pages that ask Tavus while a person waits."""

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import NAME_TAKEN, KeyForm, SecretForm
from ..health_states import ADVICE, Health
from ..models import APIKey
from ..pages import find_key, gone_is_404, key_page
from ..sync import CheckResult


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in(also_to_look=True)
def key_add(request: WorkspaceRequest) -> HttpResponse:
    form = KeyForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            key, result = actions.add(
                Actor.of(request),
                request.workspace,
                name=form.cleaned_data["name"],
                secret=form.cleaned_data["secret"] or f"sandbox-{secrets.token_hex(16)}",
                is_sandbox=form.cleaned_data.get("is_sandbox", False),
            )
        except actions.SecretNotRecognised:
            form.add_error("secret", _("Tavus doesn’t recognise this API key. Copy it again from Tavus."))
        except actions.NameTaken:
            form.add_error("name", NAME_TAKEN)
        else:
            _show_result(request, key, result)
            return redirect("keys", request.workspace.slug)
    return render(request, "keys/key_add.html", {"form": form}, status=422 if form.errors else 200)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_replace(request: WorkspaceRequest, pk: str) -> HttpResponse:
    key = find_key(request, pk)
    form = SecretForm(request.POST)
    if form.is_valid():
        try:
            with gone_is_404():
                result = actions.replace(Actor.of(request), key, secret=form.cleaned_data["secret"])
        except actions.SecretNotRecognised:
            form.add_error("secret", _("Tavus doesn’t recognise this API key. The old key is still in place."))
        else:
            _show_result(request, key, result)
            return redirect("key", request.workspace.slug, pk)
    return key_page(request, key, secret_form=form)


@in_workspace(Permission.MANAGE_KEYS)
@require_POST
def key_check(request: WorkspaceRequest, pk: str) -> HttpResponse:
    key = find_key(request, pk)
    _show_result(request, key, actions.check(key))
    return redirect("key", request.workspace.slug, pk)


def _show_result(request: WorkspaceRequest, key: APIKey, result: CheckResult) -> None:
    if result.health == Health.UNREACHABLE:
        text = _("%(name)s: Couldn’t reach Tavus. We’ll check the key again automatically.") % {"name": key.name}
        messages.warning(request, text)
    elif result.health != Health.WORKS:
        words = {"name": key.name, "health": result.health.label, "advice": ADVICE[result.health]}
        messages.warning(request, _("%(name)s: %(health)s. %(advice)s") % words)
    elif key.health == Health.OUT_OF_CREDITS:
        text = _("%(name)s: Tavus accepts the key. The next video will show whether the account has credits.")
        messages.info(request, text % {"name": key.name})
    else:
        messages.success(request, _("%(name)s: Key works.") % {"name": key.name})
