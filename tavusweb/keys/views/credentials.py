"""A new key, a new secret, a check: what asks Tavus while a person waits."""

import secrets

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..forms import NAME_TAKEN, KeyForm, SecretForm
from ..health import ADVICE, Health
from ..models import APIKey
from ..pages import find_key, key_page
from ..sync import CheckResult, check


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in(also_to_look=True)
def key_add(request: WorkspaceRequest) -> HttpResponse:
    form = KeyForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        secret = wanted["secret"] or f"sandbox-{secrets.token_hex(16)}"
        key = APIKey.make(
            request.workspace,
            name=wanted["name"],
            secret=secret,
            is_sandbox=wanted.get("is_sandbox", False),
            by=request.user,
        )
        answer = check(key)
        if answer.health == Health.NOT_RECOGNISED:
            form.add_error(
                "secret", "Tavus does not recognise this API key. Copy it again from Tavus and paste it here."
            )
        elif _saved(request, key, form):
            _tell(request, key, answer)
            return redirect("keys", request.workspace.slug)
    return render(request, "keys/key_add.html", {"form": form}, status=422 if form.errors else 200)


@in_workspace(Permission.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_replace(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Put a new secret in place of the old one, unless Tavus does not know it."""
    found = find_key(request, pk)
    form = SecretForm(request.POST)
    if form.is_valid():
        secret = form.cleaned_data["secret"]
        answer = check(found, secret=secret)
        if answer.health != Health.NOT_RECOGNISED:
            with transaction.atomic():
                if not found.replace_secret(secret, by=request.user):
                    raise Http404
                record(Actor.of(request), AuditAction.KEY_REPLACED, target=found)
            _tell(request, found, answer)
            return redirect("key", request.workspace.slug, pk)
        form.add_error("secret", "Tavus does not recognise this API key. The old one is still in place.")
    return key_page(request, found, secret_form=form)


@in_workspace(Permission.MANAGE_KEYS)
@require_POST
def key_check(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = find_key(request, pk)
    _tell(request, found, check(found))
    return redirect("key", request.workspace.slug, pk)


def _saved(request: WorkspaceRequest, key: APIKey, form: KeyForm) -> bool:
    """Save a new key, unless another request has taken its name while this one asked Tavus."""
    try:
        with transaction.atomic():
            key.save()
            if not key.workspace.api_keys.filter(is_default=True).exists():
                key.make_default()
            record(
                Actor.of(request),
                AuditAction.KEY_ADDED,
                target=key,
                after={"name": key.name, "is_sandbox": key.is_sandbox},
            )
    except IntegrityError:
        form.add_error("name", NAME_TAKEN)
        return False
    return True


def _tell(request: WorkspaceRequest, key: APIKey, answer: CheckResult) -> None:
    """Say what Tavus answered, and have the background act on it."""
    if answer.health == Health.WORKS:
        key.record_success(asked_at=timezone.now())
        key.look_again()
        APIKey.objects.filter(pk=key.pk, health=Health.OUT_OF_CREDITS).update(submissions_wait_until=None)
        if key.health == Health.OUT_OF_CREDITS:
            messages.info(
                request, f"{key.name}: Tavus accepts it. The next video shows whether there are credits again."
            )
        else:
            messages.success(request, f"{key.name}: works.")
        return
    if answer.health == Health.UNREACHABLE:
        APIKey.objects.filter(pk=key.pk).update(health=Health.UNCHECKED, health_detail=answer.detail[:500])
        key.look_again()
        messages.warning(
            request,
            f"{key.name}: Tavus could not be reached, so the key is not checked yet. It is tried again by itself.",
        )
        return
    key.record_trouble(answer.health, answer.detail, wait=answer.retry_after)
    messages.warning(request, f"{key.name}: {Health(answer.health).label.lower()}. {ADVICE[answer.health]}")
