import uuid

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tavusweb.audit.actor import Actor
from tavusweb.uploads import NOT_STORED, accepts_files
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import UPLOAD_FAILURES, VideoForm
from ..naming import copy_title
from ..script_notes import script_notes
from ..spec import VideoSpec


@in_workspace(Permission.MAKE)
@accepts_files
def video_new(request: WorkspaceRequest) -> HttpResponse:
    """Show a blank form, or a duplicate (`?from=`). It contains the new id, so sending it twice creates one video."""
    if request.method == "POST":
        return _save(request, _uuid(request.POST.get("video_id", "")))
    source = request.workspace.videos.filter(pk=_uuid(request.GET.get("from", ""))).first()
    initial = model_to_dict(source, VideoSpec.names()) | {"title": copy_title(source.title)} if source else {}
    form = VideoForm(initial=initial, workspace=request.workspace, user=request.user)
    return _form_page(request, form, uuid.uuid4(), is_new=True)


@in_workspace(Permission.MAKE)
@accepts_files
def video_edit(request: WorkspaceRequest, pk: uuid.UUID) -> HttpResponse:
    """Show and save a draft's form."""
    video = get_object_or_404(request.workspace.videos.select_related("audio"), pk=pk)
    if request.method == "POST":
        return _save(request, pk)
    if not video.is_draft:
        return redirect("video", request.workspace.slug, pk)
    return _form_page(
        request, VideoForm(instance=video, workspace=request.workspace, user=request.user), pk, is_new=False
    )


@in_workspace(Permission.MAKE)
@require_POST
def video_draft(request: WorkspaceRequest, pk: uuid.UUID) -> HttpResponse:
    """Autosave: 204, or 409 when the video is no longer a draft and nothing was saved."""
    form = VideoForm(request.POST, workspace=request.workspace, user=request.user, as_draft=True)
    form.is_valid()
    try:
        actions.save_draft(Actor.of(request), request.workspace, pk, form.spec_changes())
    except actions.NotADraft:
        get_object_or_404(request.workspace.videos, pk=pk)
        return HttpResponse(status=409)
    return HttpResponse(status=204)


def _save(request: WorkspaceRequest, pk: uuid.UUID) -> HttpResponse:
    """Save as a draft, or save and generate. Errors are shown beside their fields, and all input is kept."""
    as_draft = request.POST.get("intent") == "draft"
    form = VideoForm(
        request.POST,
        request.FILES,
        workspace=request.workspace,
        user=request.user,
        as_draft=as_draft,
        upload_failure=getattr(request, "upload_failure", ""),
    )
    is_valid = form.is_valid()
    audio = None
    try:
        audio = form.keep_upload()
    except OSError:
        form.add_error("audio_file", UPLOAD_FAILURES[NOT_STORED])
        is_valid = False
    if not is_valid:
        return _form_page(request, form, pk, is_new=not request.workspace.videos.filter(pk=pk).exists(), audio=audio)
    actor, changes = Actor.of(request), form.spec_changes() | {"audio": audio}
    try:
        if as_draft:
            actions.save_draft(actor, request.workspace, pk, changes)
            messages.success(request, _("Draft saved."))
            return redirect("videos", request.workspace.slug)
        actions.generate(actor, request.workspace, pk, changes)
    except actions.NotADraft:
        get_object_or_404(request.workspace.videos, pk=pk)
    return redirect("video", request.workspace.slug, pk)


def _form_page(
    request: WorkspaceRequest, form: VideoForm, pk: uuid.UUID, *, is_new: bool, audio: object = None
) -> HttpResponse:
    drafts = request.workspace.videos.filter(status="draft", created_by=request.user).exclude(pk=pk)
    context = {
        "form": form,
        "video_id": pk,
        "is_new": is_new,
        "kept_audio": audio or form.kept_audio(),
        "replica": form.chosen_replica(),
        "script_notes": script_notes(form["script"].value() or ""),
        "drafts": drafts.newest_first()[:3] if is_new and not form.is_bound else [],
        "action": request.get_full_path() if not is_new else None,
    }
    return render(request, "videos/video_form.html", context, status=422 if form.is_bound else 200)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
