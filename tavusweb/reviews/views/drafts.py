"""From comments to a draft in one press."""

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
    """Make a draft of a video with the sentences marked that were commented on. Pressed twice, it is one draft."""
    video = get_object_or_404(videos_of(request), pk=pk)
    try:
        draft = actions.draft_changes(Actor.of(request), video)
    except TooManyDrafts as problem:
        messages.error(request, str(problem))
        return redirect(video.get_absolute_url())
    return redirect("video_edit", request.workspace.slug, draft.pk)
