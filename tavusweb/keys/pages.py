"""The page of one key, rendered by several views."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from tavusweb.workspaces.decorators import WorkspaceRequest

from .actions import KeyGone
from .forms import LimitForm, NameForm, SecretForm
from .models import APIKey


def find_key(request: WorkspaceRequest, pk: str) -> APIKey:
    return get_object_or_404(
        request.workspace.api_keys.current().select_related("created_by", "replaced_by", "frozen_by"), pk=pk
    )


@contextmanager
def gone_is_404() -> Iterator[None]:
    """Respond with 404 if the key was deleted in the meantime."""
    try:
        yield
    except KeyGone:
        raise Http404 from None


def key_page(
    request: WorkspaceRequest,
    key: APIKey,
    *,
    name_form: NameForm | None = None,
    secret_form: SecretForm | None = None,
    limit_form: LimitForm | None = None,
) -> HttpResponse:
    refused = name_form or secret_form or limit_form
    context = {
        "key": key,
        "draining": key.predecessors.annotate(video_count=Count("videos")).order_by("created_at"),
        "name_form": name_form or NameForm(initial={"name": key.name}, workspace=request.workspace, key=key),
        "limit_form": limit_form or LimitForm(initial={"max_slots": key.max_slots}),
        "secret_form": secret_form or SecretForm(),
    }
    return render(request, "keys/key.html", context, status=422 if refused else 200)
