from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.videos.pages import video_page
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

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
    shown = Paginator(links, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "sharing/shared_links.html", {"page": shown, "links": shown.object_list})


@in_workspace(Permission.SHARE)
@require_POST
def share_link_create(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = get_object_or_404(request.workspace.videos, pk=pk)
    if video.is_draft or video.is_deleted:
        messages.error(request, "Only a video that has been asked for, and is not deleted, can be shared.")
        return redirect("video", request.workspace.slug, pk)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return video_page(request, video, share_form=form)
    link = ShareLink(video=video, created_by=request.user)
    link.put_password(form.cleaned_data["password"])
    with transaction.atomic():
        link.save()
        record(
            Actor.of(request),
            AuditAction.SHARE_CREATED,
            target=link,
            after={"is_locked": True} if link.has_password else None,
        )
    who = "Whoever has the link and its password" if link.has_password else "Whoever has the link"
    messages.success(request, f"{who} can watch this video, until you revoke it.")
    return redirect("video", request.workspace.slug, pk)


@in_workspace(Permission.SHARE)
@require_POST
def share_link_revoke(request: WorkspaceRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(ShareLink.objects.select_related("video"), pk=pk, video__workspace=request.workspace)
    with transaction.atomic():
        if revoked := link.revoke(by=request.user):
            record(Actor.of(request), AuditAction.SHARE_REVOKED, target=link)
    if revoked:
        messages.success(request, "Revoked. The link no longer shows the video.")
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return HttpResponseRedirect(back)
    return redirect("shared_links", request.workspace.slug)
