import secrets

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.freshness import fresh_sign_in
from tavusweb.workspaces import audit
from tavusweb.workspaces.access import Act
from tavusweb.workspaces.audit import Deed
from tavusweb.workspaces.doors import WorkspaceRequest, in_workspace

from .forms import NAME_TAKEN, KeyForm, LimitForm, NameForm, SecretForm
from .health import ADVICE, Health
from .models import LOOK_EVERY, LOOK_LEASE, APIKey, Replica
from .sync import Answer, check

PER_PAGE = 24
KINDS = [("", "All"), ("user", "Own"), ("system", "Stock")]


@in_workspace(Act.WATCH)
@require_safe
def keys(request: WorkspaceRequest) -> HttpResponse:
    listed = request.workspace.api_keys.current().order_by("-is_default", "created_at").select_related("created_by")
    return render(request, "keys/keys.html", {"keys": listed.annotate(replica_count=Count("replicas"))})


@in_workspace(Act.MANAGE_KEYS)
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


@in_workspace(Act.MANAGE_KEYS)
@require_safe
def key(request: WorkspaceRequest, pk: str) -> HttpResponse:
    return _key_page(request, _own(request, pk))


@in_workspace(Act.MANAGE_KEYS)
@require_POST
def key_rename(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = _own(request, pk)
    form = NameForm(request.POST, workspace=request.workspace, key=found)
    if not form.is_valid():
        return _key_page(request, found, name_form=form)
    _change(request, found, Deed.KEY_RENAMED, name=form.cleaned_data["name"])
    messages.success(request, "Renamed.")
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Act.MANAGE_KEYS)
@require_POST
def key_limit(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = _own(request, pk)
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _key_page(request, found, limit_form=form)
    _change(request, found, Deed.KEY_LIMITED, max_slots=form.cleaned_data["max_slots"])
    messages.success(request, "Saved.")
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Act.MANAGE_KEYS)
@fresh_sign_in()
@require_POST
def key_replace(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Put a new secret in place of the old one, unless Tavus does not know it."""
    found = _own(request, pk)
    form = SecretForm(request.POST)
    if form.is_valid():
        secret = form.cleaned_data["secret"]
        answer = check(found, secret=secret)
        if answer.health != Health.NOT_RECOGNISED:
            with transaction.atomic():
                if not found.replace_secret(secret, by=request.user):
                    raise Http404
                audit.record(request, Deed.KEY_REPLACED, target=found)
            _tell(request, found, answer)
            return redirect("key", request.workspace.slug, pk)
        form.add_error("secret", "Tavus does not recognise this API key. The old one is still in place.")
    return _key_page(request, found, secret_form=form)


@in_workspace(Act.MANAGE_KEYS)
@require_POST
def key_check(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = _own(request, pk)
    _tell(request, found, check(found))
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Act.MANAGE_KEYS)
@require_POST
def key_default(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = _own(request, pk)
    with transaction.atomic():
        found.make_default()
        audit.record(request, Deed.KEY_PREFERRED, target=found)
    messages.success(request, f"New videos begin with {found.name}.")
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Act.MANAGE_KEYS)
@require_POST
def key_freeze(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = _own(request, pk)
    with transaction.atomic():
        if found.freeze(by=request.user):
            audit.record(request, Deed.KEY_FROZEN, target=found)
    messages.success(request, "Frozen. Nothing more is sent with this key; what is in production is followed on.")
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Act.MANAGE_KEYS)
@require_POST
def key_unfreeze(request: WorkspaceRequest, pk: str) -> HttpResponse:
    found = _own(request, pk)
    with transaction.atomic():
        if found.unfreeze():
            audit.record(request, Deed.KEY_THAWED, target=found)
    messages.success(request, "Unfrozen. Waiting videos go out again.")
    return redirect("key", request.workspace.slug, pk)


@in_workspace(Act.MANAGE_KEYS)
@fresh_sign_in()
def key_delete(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Delete a key; a GET asks first, for those whose browser opens no dialog."""
    found = _own(request, pk)
    if request.method != "POST":
        return render(request, "keys/key_delete.html", {"key": found})
    with transaction.atomic():
        if retired := found.retire():
            audit.record(request, Deed.KEY_DELETED, target=found)
    if not retired:
        number = found.videos.pending().count() + sum(old.videos.pending().count() for old in found.predecessors.all())
        videos = "1 video still needs" if number == 1 else f"{number} videos still need"
        messages.error(request, f"{videos} this key. Let it finish or cancel, or freeze the key meanwhile.")
        return redirect("key", request.workspace.slug, pk)
    messages.success(request, f"{found.name} is deleted, and its secret is gone from this server.")
    return redirect("keys", request.workspace.slug)


def _saved(request: WorkspaceRequest, key: APIKey, form: KeyForm) -> bool:
    """Save a new key, unless another request has taken its name while this one asked Tavus."""
    try:
        with transaction.atomic():
            key.save()
            if not key.workspace.api_keys.filter(is_default=True).exists():
                key.make_default()
            audit.record(request, Deed.KEY_ADDED, target=key, after={"name": key.name, "is_sandbox": key.is_sandbox})
    except IntegrityError:
        form.add_error("name", NAME_TAKEN)
        return False
    return True


def _change(request: WorkspaceRequest, found: APIKey, deed: Deed, **values: object) -> None:
    was = {name: getattr(found, name) for name in values}
    with transaction.atomic():
        APIKey.objects.filter(pk=found.pk).update(**values)
        audit.record(request, deed, target=found, before=was, after=values)


def _own(request: WorkspaceRequest, pk: str) -> APIKey:
    return get_object_or_404(
        request.workspace.api_keys.current().select_related("created_by", "replaced_by", "frozen_by"), pk=pk
    )


def _key_page(
    request: WorkspaceRequest,
    found: APIKey,
    *,
    name_form: NameForm | None = None,
    secret_form: SecretForm | None = None,
    limit_form: LimitForm | None = None,
) -> HttpResponse:
    refused = name_form or secret_form or limit_form
    context = {
        "key": found,
        "draining": found.predecessors.annotate(video_count=Count("videos")).order_by("created_at"),
        "name_form": name_form or NameForm(initial={"name": found.name}, workspace=request.workspace, key=found),
        "limit_form": limit_form or LimitForm(initial={"max_slots": found.max_slots}),
        "secret_form": secret_form or SecretForm(),
    }
    return render(request, "keys/key.html", context, status=422 if refused else 200)


def _tell(request: WorkspaceRequest, key: APIKey, answer: Answer) -> None:
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


# --- Replicas ------------------------------------------------------------------------------------


@in_workspace(Act.WATCH)
@require_safe
def replicas(request: WorkspaceRequest) -> HttpResponse:
    return render(request, "keys/replicas.html", _replica_context(request))


@in_workspace(Act.WATCH)
@require_POST
def replicas_refresh(request: WorkspaceRequest) -> HttpResponse:
    key = _chosen(request, request.POST.get("key", ""))
    if key:
        key.look_again()
        messages.success(request, f"Reading the replicas of {key.name} again. This page shows them in a moment.")
    return redirect(reverse("replicas", args=[request.workspace.slug]) + (f"?key={key.pk}" if key else ""))


@in_workspace(Act.WATCH)
@require_safe
def replica_grid(request: WorkspaceRequest) -> HttpResponse:
    """The list of the page, once it has been read; until then 204, which leaves the page as it is."""
    context = _replica_context(request)
    if context["is_reading"]:
        return HttpResponse(status=204)
    return render(request, "keys/_replica_grid.html", context)


@in_workspace(Act.WATCH)
@require_safe
def replica_picker(request: WorkspaceRequest) -> HttpResponse:
    """The same list, as a fragment to choose from."""
    return render(request, "keys/_replica_picker.html", _replica_context(request))


def _chosen(request: WorkspaceRequest, pk: str) -> APIKey | None:
    current = request.workspace.api_keys.current().order_by("-is_default", "created_at")
    return next((key for key in current if str(key.pk) == pk), current.first())


def _replica_context(request: WorkspaceRequest) -> dict[str, object]:
    key = _chosen(request, request.GET.get("key", ""))
    kind, words = request.GET.get("kind", ""), request.GET.get("q", "").replace("\0", "").strip()
    found: QuerySet[Replica] = _search(key, kind, words) if key else Replica.objects.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "key": key,
        "keys": list(request.workspace.api_keys.current()),
        "page": page,
        "replicas": page.object_list,
        "kind": kind,
        "kinds": KINDS,
        "q": words,
        "is_reading": bool(key and _is_being_read(key)),
    }


def _is_being_read(key: APIKey) -> bool:
    """Whether a reading of the key's replicas was asked for or is under way."""
    now = timezone.now()
    if key.is_frozen or key.look_at <= now:
        return not key.is_frozen
    if key.has_trouble:
        return False
    is_claimed = key.look_at <= now + LOOK_LEASE
    return key.replicas_read_at is None or (is_claimed and key.look_at != key.replicas_read_at + LOOK_EVERY)


def _search(key: APIKey, kind: str, words: str) -> QuerySet[Replica]:
    found = key.replicas.order_by("-kind", "name", "replica_id")  # one's own first
    if kind in {"user", "system"}:
        found = found.filter(kind=kind)
    for word in words.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(replica_id__icontains=word))
    return found
