from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.http import safe_next
from tavusweb.videos.pages import video_page
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import ShareForm
from ..models import ShareLink

PER_PAGE = 50


@in_workspace(Permission.WATCH)
@require_safe
def shared_links(request: WorkspaceRequest) -> HttpResponse:
    links = ShareLink.objects.filter(video__workspace=request.workspace).select_related(
        "video", "created_by", "revoked_by"
    )
    links = links.annotate(by_member=Exists(request.workspace.memberships.filter(user=OuterRef("created_by"))))
    page = Paginator(links, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "sharing/shared_links.html", {"page": page, "links": page.object_list})


@in_workspace(Permission.SHARE)
@require_POST
def share_link_create(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = get_object_or_404(request.workspace.videos, pk=pk)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return video_page(request, video, extra_form=form)
    try:
        actions.share(Actor.of(request), video, password=form.cleaned_data["password"])
    except actions.NotShareable:
        messages.error(request, _("Drafts and deleted videos can’t be shared."))
    else:
        messages.success(request, _("Share link created."))
    return redirect("video", request.workspace.slug, pk)


@in_workspace(Permission.SHARE)
@require_POST
def share_link_revoke(request: WorkspaceRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(
        ShareLink.objects.select_related("video__workspace"), pk=pk, video__workspace=request.workspace
    )
    if actions.revoke(Actor.of(request), link):
        messages.success(request, _("Link revoked."))
    if back := safe_next(request):
        return HttpResponseRedirect(back)
    return redirect("shared_links", request.workspace.slug)
