"""Compare two takes side by side, for every member."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tavusweb.text_policy import LONGEST_SEARCH, as_line, cut
from tavusweb.videos.models.status import Status
from tavusweb.videos.pages import videos_of
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..takes.comparison import comparison_of
from ..takes.related import others_to_compare


@in_workspace(Permission.WATCH)
@require_safe
def takes_to_compare(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Show the takes that a video can be compared with: those of the same video first, then the newest."""
    video = get_object_or_404(videos_of(request).exclude(status=Status.DRAFT), pk=pk)
    words = cut(as_line(request.GET.get("q", "")), LONGEST_SEARCH)
    context = {"video": video, "others": others_to_compare(video, words), "q": words}
    return render(request, "sharing/takes/takes_to_compare.html", context)


@in_workspace(Permission.WATCH)
@require_safe
def takes_compare(request: WorkspaceRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Show two takes beside each other."""
    videos = videos_of(request).exclude(status=Status.DRAFT).select_related("approval_request")
    found = videos.in_bulk({pk, other})
    if len(found) != 2:
        raise Http404
    context = {"video": found[pk], "comparison": comparison_of(found[pk], found[other])}
    return render(request, "sharing/takes/takes_compare.html", context)
