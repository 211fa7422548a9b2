from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.http import no_store
from tavusweb.uploads import Room, accepts_files
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..captions import LARGEST
from ..forms.captions import CaptionForm
from ..models import Caption
from ..pages import video_page, videos_of


def room(request: HttpRequest) -> Room:
    return Room(LARGEST, _("This file is too large. The limit is %(limit)d MB.") % {"limit": 1})


receives_captions = partial(accepts_files, room=room)


@in_workspace(Permission.MAKE)
@receives_captions
@require_POST
def captions_save(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = get_object_or_404(videos_of(request), pk=pk)
    form = CaptionForm(request.POST, request.FILES, upload_failure=getattr(request, "upload_failure", ""))
    if not form.is_valid():
        return video_page(request, video, extra_form=form)
    cues, language = form.cleaned_data["file"], form.cleaned_data["language"]
    try:
        actions.save_captions(Actor.of(request), video, language, cues)
    except actions.NotCaptionable:
        messages.error(request, _("Drafts and deleted videos can’t have captions."))
    else:
        messages.success(request, _("Captions saved."))
    return redirect("video", request.workspace.slug, pk)


@in_workspace(Permission.WATCH)
@require_safe
def caption(request: WorkspaceRequest, pk: str, caption_pk: int) -> HttpResponse:
    """The captions as a file."""
    row = get_object_or_404(Caption, pk=caption_pk, video=pk, video__workspace=request.workspace)
    response = HttpResponse(row.content, content_type="text/vtt; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="captions-{row.language}.vtt"'
    return no_store(response)


@in_workspace(Permission.MAKE)
@require_POST
def caption_delete(request: WorkspaceRequest, pk: str, caption_pk: int) -> HttpResponse:
    rows = Caption.objects.select_related("video__workspace")
    row = get_object_or_404(rows, pk=caption_pk, video=pk, video__workspace=request.workspace)
    actions.delete_captions(Actor.of(request), row)
    messages.success(request, _("Captions deleted."))
    return redirect("video", request.workspace.slug, pk)
