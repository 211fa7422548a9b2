from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from ..forms import EditCommentForm, MemberCommentForm
from ..models import Comment
from ..speaker import member_speaker


@in_workspace(Permission.COMMENT)
@require_POST
def video_comments(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Comment on a video, or reply in a thread. A reply to a viewer is shown on the page of their share link."""
    video = get_object_or_404(videos_of(request), pk=pk)
    form = MemberCommentForm(request.POST, auto_id=False, script=video.script)
    if not form.is_valid():
        return video_page(request, video, extra_form=form)
    parent = video.comments.visible().filter(pk=form.cleaned_data["answers"]).first()
    said = actions.comment(
        member_speaker(request.user), video, form.cleaned_data["comment"], parent=parent, **form.place
    )
    return _back(video, said)


@in_workspace(Permission.COMMENT)
@require_POST
def comment_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Edit one's own comment, at any time."""
    comment = _comment_of(request, pk)
    if not comment.may_be_changed_by(user=request.user):
        raise PermissionDenied
    form = EditCommentForm(request.POST, pk=pk)
    if not form.is_valid():
        video = get_object_or_404(videos_of(request), pk=comment.video_id)
        return video_page(request, video, extra_form=form)
    if actions.edit(comment, form.cleaned_data["comment"]):
        messages.success(request, _("Comment saved."))
    return _back(comment.video, comment)


@in_workspace(Permission.COMMENT)
@require_POST
def comment_resolve(request: WorkspaceRequest, pk: int) -> HttpResponse:
    comment = _comment_of(request, pk)
    actions.resolve(Actor.of(request), comment)
    return _back(comment.video)


@in_workspace(Permission.COMMENT)
@require_POST
def comment_reopen(request: WorkspaceRequest, pk: int) -> HttpResponse:
    comment = _comment_of(request, pk)
    actions.reopen(comment)
    return _back(comment.video)


@in_workspace(Permission.COMMENT)
@require_POST
def comment_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Delete one's own comment; deleting someone else's requires permission to share."""
    comment = _comment_of(request, pk)
    if actions.delete(Actor.of(request), comment):
        messages.success(request, _("Comment deleted."))
    return _back(comment.video)


def _comment_of(request: WorkspaceRequest, pk: int) -> Comment:
    comments = Comment.objects.visible().select_related("video__workspace", "user")
    return get_object_or_404(comments, pk=pk, video__workspace=request.workspace)


def _back(video: Video, comment: Comment | None = None) -> HttpResponse:
    place = f"comment-{comment.pk}" if comment else "reviews"
    return HttpResponseRedirect(f"{video.get_absolute_url()}#{place}")
