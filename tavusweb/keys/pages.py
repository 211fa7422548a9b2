"""A key's own page, which several views answer with."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tavusweb.workspaces.decorators import WorkspaceRequest

from .forms import LimitForm, NameForm, SecretForm
from .models import APIKey


def find_key(request: WorkspaceRequest, pk: str) -> APIKey:
    return get_object_or_404(
        request.workspace.api_keys.current().select_related("created_by", "replaced_by", "frozen_by"), pk=pk
    )


def key_page(
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
