"""A video's own page, which several views answer with."""

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tavusweb.workspaces.decorators import WorkspaceRequest

from .estimates import estimate
from .forms import DeleteForm, RenameForm, SettleForm
from .media_urls import embed_url
from .models import Video
from .presence import mark_watched, refresh_if_stale


def video_page(
    request: WorkspaceRequest,
    found: Video,
    *,
    rename_form: RenameForm | None = None,
    delete_form: DeleteForm | None = None,
    settle_form: SettleForm | None = None,
    extra_form: Form | None = None,
) -> HttpResponse:
    """A video's own page, with the form that was refused when there is one.

    `extra_form` belongs to a card that another package adds to the page.
    """
    context = panel_context(found) | {
        "rename_form": rename_form or RenameForm(initial={"title": found.title}),
        "delete_form": delete_form or DeleteForm(video=found),
        "settle_form": settle_form or SettleForm(),
        "asks": "rename" if rename_form else "delete" if delete_form else "settle" if settle_form else _asked(request),
        "extra_form": extra_form,
    }
    is_refused = rename_form or delete_form or settle_form or extra_form
    return render(request, "videos/video.html", context, status=422 if is_refused else 200)


def _asked(request: WorkspaceRequest) -> str:
    """The dialog that the page opens with by its address: without scripts that is how one asks for it."""
    return request.GET.get("ask", "")


def panel_context(found: Video) -> dict[str, object]:
    """What the panel shows. `stage` changes when there is something else that can be done with the video."""
    mark_watched([found.pk])
    refresh_if_stale(found)
    now = timezone.now()
    return {
        "video": found,
        "now": now,
        "stage": f"{found.status}-{found.wants_delete}{'-asks' if found.asks_a_person else ''}",
        "estimate": estimate(found, at=now),
        "events": found.events.select_related("actor").order_by("-at", "-pk"),
        "embed_url": embed_url(found),
        "copies": list(found.extra_copies) if found.has_extra_copies else [],
    }


def videos_of(request: WorkspaceRequest) -> "QuerySet[Video]":
    return request.workspace.videos.select_related("workspace", "api_key", "audio", "created_by")
