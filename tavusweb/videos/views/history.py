"""The versions of a draft: list, name, compare, restore; and who else has it open."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..actions.history import name_version, restore_version
from ..forms.history import NameVersionForm
from ..history import TooManyVersions, others_in
from ..models import Video
from ..models.history import SavedVersion
from ..models.status import Status
from ..version_diff import differences


@in_workspace(Permission.MAKE)
def video_versions(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """List a draft's versions, and name the present one."""
    video = _draft(request, pk)
    form = NameVersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            name_version(Actor.of(request), video, form.cleaned_data["name"])
            messages.success(request, _("Version saved."))
            return redirect("video_versions", request.workspace.slug, pk)
        except TooManyVersions:
            form.add_error("name", _("This draft has 50 named versions, the maximum."))
        except actions.Moved:
            return redirect("video", request.workspace.slug, pk)
    context = {"video": video, "form": form, "versions": video.saved_versions.select_related("saved_by")}
    return render(request, "videos/versions.html", context, status=422 if form.errors else 200)


@in_workspace(Permission.MAKE)
def video_version(request: WorkspaceRequest, pk: UUID, version_pk: int) -> HttpResponse:
    """Compare a version with the draft as it is, and restore it."""
    video = _draft(request, pk)
    version = get_object_or_404(SavedVersion.objects.select_related("video__workspace"), pk=version_pk, video=video)
    if request.method == "POST":
        try:
            restore_version(Actor.of(request), version)
            messages.success(request, _("Version restored. What the draft was before is kept as a version."))
        except actions.Moved:
            messages.info(request, _("This changed in the meantime. Here is the current status."))
        return redirect("video_edit", request.workspace.slug, pk)
    context = {"video": video, "version": version, "differences": list(differences(version.spec, video.spec))}
    return render(request, "videos/version.html", context)


@in_workspace(Permission.MAKE)
@require_POST
def video_present(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Note that this window has the draft open, and name the others who have."""
    video = _draft(request, pk)
    window = request.POST.get("window", "")[:36]
    return JsonResponse({"others": others_in(video, window=window, person=request.user)})


def _draft(request: WorkspaceRequest, pk: UUID) -> Video:
    drafts = request.workspace.videos.filter(status=Status.DRAFT, trashed_at=None)
    return get_object_or_404(drafts.select_related("workspace", "audio", "api_key"), pk=pk)
