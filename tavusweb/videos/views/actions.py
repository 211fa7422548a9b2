from collections.abc import Callable
from copy import copy
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import wakeup
from ..forms import DeleteForm, RenameForm, SettleForm
from ..models import Video
from ..pages import video_page

MOVED_ON = "It had already moved on. This is where it stands now."


@in_workspace(Permission.MAKE)
@require_POST
def video_try_again(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = _own(request, pk)
    if video.can_try_again and _done(request, AuditAction.VIDEO_RETRIED, video, video.try_again):
        wakeup.submit_later(video)
        messages.success(request, "It is in the queue again.")
    else:
        messages.info(request, MOVED_ON)
    return redirect(video)


@in_workspace(Permission.MAKE)
@require_POST
def video_cancel(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = _own(request, pk)
    if video.can_cancel and _done(request, AuditAction.VIDEO_CANCELLED, video, video.cancel):
        messages.success(request, "Cancelled. Nothing was bought.")
    else:
        messages.info(request, MOVED_ON)
    return redirect(video)


@in_workspace(Permission.MAKE)
@require_POST
def video_send_again(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """A person's word that Tavus does not have an unsure submission."""
    video = _own(request, pk)
    if video.is_unsure and _done(request, AuditAction.VIDEO_RESOLVED, video, video.resolve_as_missing):
        wakeup.submit_later(video)
        messages.success(request, "It is in the queue again.")
    else:
        messages.info(request, MOVED_ON)
    return redirect(video)


@in_workspace(Permission.MAKE)
@require_POST
def video_found(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """A person's word that Tavus has an unsure submission, and under which id."""
    video = _own(request, pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return video_page(request, video, settle_form=form)
    decide = partial(video.resolve_as, form.cleaned_data["tavus_id"])
    if video.is_unsure and _done(request, AuditAction.VIDEO_RESOLVED, video, decide):
        messages.success(request, "It is followed under that id.")
    else:
        messages.info(request, MOVED_ON)
    return redirect(video)


@in_workspace(Permission.MAKE)
@require_POST
def video_copy_delete(request: WorkspaceRequest, pk: str, copy_pk: int) -> HttpResponse:
    """Have the engine delete an extra copy at Tavus."""
    video = _own(request, pk)
    extra = get_object_or_404(video.extra_copies, pk=copy_pk)
    delete = partial(video.ask_to_delete_copy, extra)
    if _done(request, AuditAction.VIDEO_COPY_DELETED, video, delete):
        messages.success(request, "Deleting the extra copy at Tavus.")
    else:
        messages.info(request, MOVED_ON)
    return redirect(video)


@in_workspace(Permission.MAKE)
@require_POST
def video_rename(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = _own(request, pk)
    form = RenameForm(request.POST)
    if not form.is_valid():
        return video_page(request, video, rename_form=form)
    if video.can_rename:
        with transaction.atomic():
            was, title = copy(video), form.cleaned_data["title"]
            video.rename(title, by=request.user)
            record(
                Actor.of(request),
                AuditAction.VIDEO_RENAMED,
                target=was,
                before={"title": was.title},
                after={"title": title},
            )
        messages.success(request, "Renamed.")
    return redirect(video)


@in_workspace(Permission.MAKE)
@require_POST
def video_delete(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = _own(request, pk)
    form = DeleteForm(request.POST, video=video)
    if not form.is_valid():
        return video_page(request, video, delete_form=form)
    delete = partial(video.ask_to_delete, hard=form.cleaned_data["for_good"])
    if not video.can_delete or not _done(request, AuditAction.VIDEO_DELETED, video, delete):
        messages.info(request, MOVED_ON)
        return redirect(video)
    if video.is_at_tavus:
        messages.success(request, "It is being deleted at Tavus.")
        return redirect(video)
    messages.success(request, f"{video.display_title} is deleted.")
    return redirect("videos", request.workspace.slug)


def _done(request: WorkspaceRequest, action: AuditAction, video: Video, move: Callable[..., bool]) -> bool:
    """Make the move and write it down, both or neither; False when somebody else moved the video first."""
    as_it_was = copy(video)
    with transaction.atomic():
        if moved := move(by=request.user):
            record(Actor.of(request), action, target=as_it_was, before={"status": as_it_was.status})
    return moved


def _own(request: WorkspaceRequest, pk: str) -> Video:
    return get_object_or_404(
        request.workspace.videos.select_related("workspace", "api_key", "created_by", "audio"), pk=pk
    )
