from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from tavusweb.http import after_answer
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..along import with_columns
from ..media_urls import download_url
from ..models.status import Status
from ..pages import note_look, panel_context, video_page, videos_of


@in_workspace(Permission.WATCH)
@require_safe
def video(request: WorkspaceRequest, pk: str) -> HttpResponse:
    row = get_object_or_404(with_columns(videos_of(request)), pk=pk)
    if row.is_draft and not row.is_trashed:
        return redirect("video_edit", request.workspace.slug, pk)
    return video_page(request, row)


@in_workspace(Permission.WATCH)
@require_safe
def video_panel(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """The part of the page that changes while a video renders: status, progress, timeline and finally the player."""
    row = get_object_or_404(videos_of(request).exclude(status=Status.DRAFT), pk=pk)  # a draft is shown in its form
    context = panel_context(row)
    context |= {"oob": True, "has_moved": request.GET.get("was") != context["stage"]}
    response = render(request, "videos/_video_panel.html", context)
    if context["has_moved"] and row.is_deleted:
        response["HX-Refresh"] = "true"  # what is outside the panel may have changed too
    return after_answer(response, lambda: note_look(row))


@in_workspace(Permission.WATCH)
@require_safe
def video_download(request: WorkspaceRequest, pk: str) -> HttpResponseBase:
    row = get_object_or_404(videos_of(request), pk=pk)
    if not row.is_ready or not row.download_url:
        raise Http404
    return redirect(download_url(row))
