from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from tavusweb.text_policy import LONGEST_SEARCH, as_line, cut, search_words
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..models import REFRESH_EVERY, REFRESH_LEASE, APIKey, Replica
from ..models.replica import ReplicaState

PER_PAGE = 24
MOST_MODELS = 20
KINDS = [("", _lazy("All")), ("user", _lazy("Custom")), ("system", _lazy("Stock"))]


@in_workspace(Permission.WATCH)
@require_safe
def replicas(request: WorkspaceRequest) -> HttpResponse:
    return render(request, "keys/replicas.html", _replica_context(request))


@in_workspace(Permission.WATCH)
@require_POST
def replicas_refresh(request: WorkspaceRequest) -> HttpResponse:
    key = _chosen(request, request.POST.get("key", ""))
    if key:
        key.refresh_replicas()
        text = _("Refreshing the replicas of %(name)s. They will appear here automatically.")
        messages.success(request, text % {"name": key.name})
    return redirect(reverse("replicas", args=[request.workspace.slug]) + (f"?key={key.pk}" if key else ""))


@in_workspace(Permission.WATCH)
@require_safe
def replica_grid(request: WorkspaceRequest) -> HttpResponse:
    """Render the page's list once it has been read. Until then answer 204, which leaves the page as it is."""
    context = _replica_context(request)
    if context["is_reading"]:
        return HttpResponse(status=204)
    return render(request, "keys/_replica_grid.html", context)


@in_workspace(Permission.WATCH)
@require_safe
def replica_picker(request: WorkspaceRequest) -> HttpResponse:
    """Render the list as a fragment to choose from."""
    return render(request, "keys/_replica_picker.html", _replica_context(request))


def _chosen(request: WorkspaceRequest, pk: str) -> APIKey | None:
    current = request.workspace.api_keys.current().order_by("-is_default", "created_at")
    return next((key for key in current if str(key.pk) == pk), current.first())


def _replica_context(request: WorkspaceRequest) -> dict[str, object]:
    key = _chosen(request, request.GET.get("key", ""))
    kind, words = request.GET.get("kind", ""), cut(as_line(request.GET.get("q", "")), LONGEST_SEARCH)
    state, model = request.GET.get("state", ""), request.GET.get("model", "")
    rows: QuerySet[Replica] = _search(key, kind, words, state) if key else Replica.objects.none()
    models = _models(key)
    if model in models:
        rows = rows.filter(model_name=model)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "key": key,
        "keys": list(request.workspace.api_keys.current()),
        "page": page,
        "replicas": page.object_list,
        "kind": kind,
        "kinds": KINDS,
        "state": state,
        "states": [("", _("Any state")), *ReplicaState.choices],
        "model": model if model in models else "",
        "models": models,
        "q": words,
        "is_reading": bool(key and _is_being_read(key)),
    }


def _models(key: APIKey | None) -> list[str]:
    """Return the models of a key's replicas, to choose among; none if all have the same."""
    named = key.replicas.exclude(model_name="").order_by("model_name") if key else Replica.objects.none()
    found = list(named.values_list("model_name", flat=True).distinct()[:MOST_MODELS])
    return found if len(found) > 1 else []


def _is_being_read(key: APIKey) -> bool:
    """Whether a refresh of the key's replicas is requested or under way."""
    now = timezone.now()
    if key.is_frozen or key.replicas_refresh_at <= now:
        return not key.is_frozen
    if key.has_trouble:
        return False
    is_claimed = key.replicas_refresh_at <= now + REFRESH_LEASE
    return key.replicas_read_at is None or (
        is_claimed and key.replicas_refresh_at != key.replicas_read_at + REFRESH_EVERY
    )


def _search(key: APIKey, kind: str, words: str, state: str) -> QuerySet[Replica]:
    rows = (
        Replica.objects.filter(api_key=key).in_state(state).order_by("-kind", "name", "replica_id")
    )  # custom ones first
    if kind in {"user", "system"}:
        rows = rows.filter(kind=kind)
    for word in search_words(words):
        rows = rows.filter(Q(name_folded__contains=word) | Q(replica_id__icontains=word))
    return rows
