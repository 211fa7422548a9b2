"""Members' approvals, change requests and requests for approval."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tavusweb.audit.actor import Actor
from tavusweb.videos.models import Video
from tavusweb.videos.pages import video_page, videos_of
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..approval_forms import ApprovalRequestForm, MemberChangesForm, MemberVerdictForm
from ..fingerprint import fingerprint_of
from ..models import VerdictKind
from ..models.approval_request import request_for
from ..speaker import member_speaker


@in_workspace(Permission.COMMENT)
@require_POST
def video_approve(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Approve a finished take; the form asks for confirmation, naming the title and take."""
    video = get_object_or_404(videos_of(request), pk=pk)
    form = MemberVerdictForm(request.POST)
    return _decide(request, video, VerdictKind.APPROVED, form.data.get("shown", ""))


@in_workspace(Permission.COMMENT)
@require_POST
def video_request_changes(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = get_object_or_404(videos_of(request), pk=pk)
    form = MemberChangesForm(request.POST, auto_id="changes_%s")
    if not form.is_valid():
        return video_page(request, video, extra_form=form)
    return _decide(request, video, VerdictKind.CHANGES, form.cleaned_data["shown"], form.cleaned_data["reason"])


@in_workspace(Permission.COMMENT)
@require_POST
def video_verdict_withdraw(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Withdraw one's own decision about the shown take."""
    video = get_object_or_404(videos_of(request), pk=pk)
    own = video.verdicts.filter(user=request.user, fingerprint=fingerprint_of(video), withdrawn_at=None).last()
    if own and actions.withdraw(Actor.of(request), member_speaker(request.user), own):
        messages.success(request, _("Decision taken back."))
    return _back(video)


@in_workspace(Permission.SHARE)
@require_POST
def video_approval_request(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Request a number of approvals from named reviewers by a date; the `end` button cancels the request."""
    video = get_object_or_404(videos_of(request), pk=pk)
    if "end" in request.POST:
        if actions.stop_asking_for_approvals(Actor.of(request), video):
            messages.success(request, _("No longer asking for approvals."))
        return _back(video)
    form = ApprovalRequestForm(request.POST, request=request_for(video))
    if not form.is_valid():
        return video_page(request, video, extra_form=form)
    cleaned = form.cleaned_data
    actions.ask_for_approvals(
        Actor.of(request),
        video,
        needed=cleaned["needed"],
        addresses=cleaned["reviewers"],
        due_at=cleaned["due_date"],
    )
    messages.success(request, _("Approvals requested."))
    return _back(video)


def _decide(request: WorkspaceRequest, video: Video, kind: VerdictKind, shown: str, reason: str = "") -> HttpResponse:
    speaker = member_speaker(request.user)
    try:
        actions.decide(Actor.of(request), speaker, video, kind, shown=shown, reason=reason)
    except actions.TakeChanged:
        messages.info(request, _("This changed in the meantime. Here is the current status."))
    else:
        messages.success(request, _("Approved.") if kind == VerdictKind.APPROVED else _("Changes requested."))
    return _back(video)


def _back(video: Video) -> HttpResponse:
    return HttpResponseRedirect(f"{video.get_absolute_url()}#reviews")
