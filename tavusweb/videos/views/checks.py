"""The notes beside Generate, live while a video is written."""

import hashlib
from uuid import UUID

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..checks import look_over
from ..forms import VideoForm
from ..models import Video


@in_workspace(Permission.MAKE)
@require_POST
def video_checks(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Check what the form has so far; 204 if nothing has changed since the browser's last answer. Writes nothing."""
    if Video.objects.filter(pk=pk).exclude(workspace=request.workspace).exists():
        raise Http404
    form = VideoForm(request.POST, workspace=request.workspace, user=request.user, as_draft=True)
    form.is_valid()
    checks = look_over(request.workspace, form.spec_so_far(), by=request.user, pk=pk)
    context = {"checks": checks, "video_id": pk, "workspace": request.workspace}
    notes = render_to_string("videos/_video_checks.html", context, request)
    mark = hashlib.sha256(notes.encode()).hexdigest()[:16]
    if mark == request.headers.get("X-Seen"):
        return HttpResponse(status=204)
    return HttpResponse(notes, headers={"X-Seen": mark})
