from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..checks import over_budget
from ..forms import RenameForm, ResolveForm
from ..models import OverBudget, Video
from ..pages import moved_to_trash, video_page, videos_of


@in_workspace(Permission.MAKE)
@require_POST
def video_retry(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = _load(request, pk)
    return _answer(request, video, _("Back in the queue."), lambda: actions.retry(Actor.of(request), video))


@in_workspace(Permission.MAKE)
@require_POST
def video_cancel(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = _load(request, pk)
    message = _("Cancelled. You were not charged.")
    return _answer(request, video, message, lambda: actions.cancel(Actor.of(request), video))


@in_workspace(Permission.MAKE)
@require_POST
def video_resolve_missing(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Resolve an unsure submission that a person did not find at Tavus."""
    video = _load(request, pk)
    return _answer(
        request, video, _("Back in the queue."), lambda: actions.resolve_as_missing(Actor.of(request), video)
    )


@in_workspace(Permission.MAKE)
@require_POST
def video_resolve(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Resolve an unsure submission with the Tavus ID that a person found."""
    video = _load(request, pk)
    form = ResolveForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return video_page(request, video, resolve_form=form)
    tavus_id = form.cleaned_data["tavus_id"]
    return _answer(
        request,
        video,
        _("ID saved. Checking it at Tavus."),
        lambda: actions.resolve_as(Actor.of(request), video, tavus_id),
    )


@in_workspace(Permission.MAKE)
@require_POST
def video_copy_delete(request: WorkspaceRequest, pk: str, copy_pk: int) -> HttpResponse:
    video = _load(request, pk)
    extra = get_object_or_404(video.extra_copies, pk=copy_pk)
    message = _("Deleting the extra copy at Tavus.")
    return _answer(request, video, message, lambda: actions.delete_copy(Actor.of(request), video, extra))


@in_workspace(Permission.MAKE)
@require_POST
def video_rename(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = _load(request, pk)
    form = RenameForm(request.POST)
    if not form.is_valid():
        return video_page(request, video, rename_form=form)
    title = form.cleaned_data["title"]
    return _answer(request, video, _("Video renamed."), lambda: actions.rename(Actor.of(request), video, title))


@in_workspace(Permission.MAKE)
@require_POST
def video_delete(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Move a video to the trash. The message undoes it."""
    video = _load(request, pk)
    message = moved_to_trash(video)
    return _answer(
        request,
        video,
        message,
        lambda: actions.delete(Actor.of(request), video),
        next_page=request.workspace.url,
        undo=reverse("video_restore", args=[request.workspace.slug, pk]),
    )


@in_workspace(Permission.MAKE)
@require_POST
def video_restore(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = _load(request, pk)
    return _answer(request, video, _("Video restored."), lambda: actions.restore(Actor.of(request), video))


@in_workspace(Permission.MAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def video_delete_for_good(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Say what a permanent deletion removes, then do it."""
    video = _load(request, pk)
    if request.method != "POST":
        if not video.can_delete_for_good:
            return redirect(video.get_absolute_url())
        return render(request, "videos/delete_for_good.html", {"video": video})
    is_at_tavus = video.is_at_tavus and not video.is_draft
    message = _("Deleting the video at Tavus.") if is_at_tavus else _("Video deleted for good.")
    page = video.get_absolute_url() if is_at_tavus else f"{request.workspace.url}?status=trash"
    return _answer(request, video, message, lambda: actions.delete_for_good(Actor.of(request), video), next_page=page)


def _answer(
    request: WorkspaceRequest,
    video: Video,
    message: str,
    act: Callable[[], object],
    *,
    next_page: str = "",
    undo: str = "",
) -> HttpResponse:
    """Act and report the result. If the video has changed in the meantime, show it as it is now."""
    page = video.get_absolute_url()
    try:
        act()
    except OverBudget as problem:
        messages.error(request, over_budget(problem))
        return redirect(page)
    except actions.Moved:
        messages.info(request, _("This changed in the meantime. Here is the current status."))
        return redirect(page)
    messages.success(request, message, extra_tags=undo)
    return redirect(next_page or page)


def _load(request: WorkspaceRequest, pk: str) -> Video:
    return get_object_or_404(videos_of(request), pk=pk)
