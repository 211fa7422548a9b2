"""Create a draft from comments in one click."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from tavusweb.audit.actor import Actor
from tavusweb.videos.pages import videos_of
from tavusweb.videos.quotas import TooManyDrafts
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions


@in_workspace(Permission.MAKE)
@require_POST
def video_draft_changes(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Create a draft with the commented sentences marked. A double click creates one draft."""
    video = get_object_or_404(videos_of(request), pk=pk)
    try:
        draft = actions.draft_changes(Actor.of(request), video)
    except TooManyDrafts as problem:
        messages.error(request, str(problem))
        return redirect(video.get_absolute_url())
    return redirect("video_edit", request.workspace.slug, draft.pk)
