"""Pages and forms for a link's takes, for members who can share."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.http import safe_next
from tavusweb.text_policy import LONGEST_SEARCH, as_line, cut
from tavusweb.videos.models import Video
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..models import ShareLink
from ..takes.history import history_of
from ..takes.offers import offers_of
from ..takes.related import candidates, links_to_put_behind


@in_workspace(Permission.SHARE)
@require_safe
def share_link_takes(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """List the link's current, earlier and planned takes, and the candidates to replace it."""
    link = _link_of(request, pk)
    words = cut(as_line(request.GET.get("q", "")), LONGEST_SEARCH)
    offered = candidates(link, words)
    context = {
        "link": link,
        "plan": link.takes.planned().select_related("video__workspace", "by").first(),
        "history": history_of(link),
        "candidates": offered,
        "offers": offers_of(link, offered),
        "q": words,
    }
    return render(request, "sharing/takes/share_link_takes.html", context)


@in_workspace(Permission.SHARE)
@require_POST
def share_take_swap(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Put the take `video` behind a link, from the link's page."""
    link = _link_of(request, pk)
    video = get_object_or_404(request.workspace.videos, pk=_uuid(request.POST.get("video", "")))
    return _swap(request, link, video)


@in_workspace(Permission.SHARE)
@require_POST
def share_take_offer(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Let a link's viewers vote among the takes `take`; fewer than two end the vote."""
    link = _link_of(request, pk)
    chosen = {_uuid(text) for text in request.POST.getlist("take")}
    rows = request.workspace.videos.select_related("workspace").filter(pk__in=chosen)
    videos = sorted(rows, key=lambda video: (video.pk != link.video_id, video.created_at))
    try:
        actions.offer_takes(Actor.of(request), link, videos)
    except actions.NotReady:
        messages.error(request, _("Viewers can only choose among takes that are ready."))
    else:
        is_choice = len(videos) > 1
        messages.success(
            request, _("Viewers can vote now.") if is_choice else _("Viewers are no longer asked to choose.")
        )
    return _back(request, link)


@in_workspace(Permission.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def video_put_behind(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Put a video behind the share link `link`; the page lets people choose the link."""
    video = get_object_or_404(request.workspace.videos, pk=pk)
    if request.method != "POST":
        context = {"video": video, "links_to_put_behind": links_to_put_behind(video)}
        return render(request, "sharing/takes/put_behind.html", context)
    given = request.POST.get("link", "")
    link = _link_of(request, int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0)
    return _swap(request, link, video)


@in_workspace(Permission.SHARE)
@require_POST
def share_take_undo(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Restore the previous take, if the link still shows `shown`."""
    link = _link_of(request, pk)
    try:
        actions.undo_swap(
            Actor.of(request), link, shown=_uuid(request.POST.get("shown") or request.GET.get("shown", ""))
        )
    except (actions.Moved, actions.NotShareable):
        messages.info(request, _("This changed in the meantime. Here is the current status."))
    else:
        messages.success(request, _("The link shows the take before again."))
    return _back(request, link)


@in_workspace(Permission.SHARE)
@require_POST
def share_take_cancel(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Keep the current take instead of the planned one."""
    link = _link_of(request, pk)
    if actions.cancel_plan(Actor.of(request), link):
        messages.success(request, _("The link keeps its take."))
    return _back(request, link)


def _swap(request: WorkspaceRequest, link: ShareLink, video: Video) -> HttpResponse:
    seen = _uuid(request.POST["instead_of"]) if request.POST.get("instead_of") else None
    when_ready = "when_ready" in request.POST
    try:
        is_done = actions.swap_take(Actor.of(request), link, video, when_ready=when_ready, instead_of=seen)
    except actions.NotShareable:
        messages.error(request, _("Drafts and deleted videos can’t be shared."))
    except actions.NotReady:
        messages.error(
            request,
            _("“%(title)s” isn’t ready yet. Choose “When it’s ready” to replace the take then.")
            % {"title": video.display_title},
        )
    except actions.Moved:
        messages.info(request, _("This changed in the meantime. Here is the current status."))
    else:
        if is_done:
            undo = reverse("share_take_undo", args=[request.workspace.slug, link.pk]) + f"?shown={video.pk}"
            messages.success(
                request, _("The link now shows “%(title)s”.") % {"title": video.display_title}, extra_tags=undo
            )
        else:
            messages.success(
                request, _("The link will show “%(title)s” when it’s ready.") % {"title": video.display_title}
            )
    return _back(request, link)


def _link_of(request: WorkspaceRequest, pk: int) -> ShareLink:
    links = ShareLink.objects.select_related("video__workspace", "video__api_key")
    return get_object_or_404(links, pk=pk, video__workspace=request.workspace)


def _uuid(text: str) -> UUID:
    """Parse a UUID; for anything else, return one that matches nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _back(request: WorkspaceRequest, link: ShareLink) -> HttpResponse:
    return (
        HttpResponseRedirect(safe_next(request))
        if safe_next(request)
        else redirect("share_link_takes", request.workspace.slug, link.pk)
    )
