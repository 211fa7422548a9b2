from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.http import safe_next
from tavusweb.videos.pages import video_page
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import RulesForm
from ..models import ShareLink
from ..visits import put_counts

PER_PAGE = 50


@in_workspace(Permission.WATCH)
@require_safe
def shared_links(request: WorkspaceRequest) -> HttpResponse:
    links = ShareLink.objects.filter(video__workspace=request.workspace).select_related(
        "video", "created_by", "revoked_by"
    )
    links = links.annotate(by_member=Exists(request.workspace.memberships.filter(user=OuterRef("created_by"))))
    page = Paginator(links, PER_PAGE).get_page(request.GET.get("page"))
    put_counts(page.object_list)
    return render(request, "sharing/shared_links.html", {"page": page, "links": page.object_list})


@in_workspace(Permission.SHARE)
@require_POST
def share_link_create(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = get_object_or_404(request.workspace.videos, pk=pk)
    form = RulesForm(request.POST)
    if not form.is_valid():
        return video_page(request, video, extra_form=form)
    try:
        actions.share(Actor.of(request), video, password=form.cleaned_data["password"], **form.fields_of_link())
    except actions.NotShareable:
        messages.error(request, _("Drafts and deleted videos can’t be shared."))
    else:
        messages.success(request, _("Share link created."))
    return redirect("video", request.workspace.slug, pk)


@in_workspace(Permission.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def share_link(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The rules of one link. An empty password keeps the one there is."""
    link = _link_of(request, pk)
    form = RulesForm(request.POST if request.method == "POST" else None, link=link)
    if request.method == "POST" and form.is_valid():
        password = "" if "remove_password" in request.POST else form.cleaned_data["password"] or None
        actions.change(Actor.of(request), link, password=password, **form.fields_of_link())
        messages.success(request, _("Share link saved."))
        return redirect("shared_links", request.workspace.slug)
    return render(request, "sharing/share_link.html", {"link": link, "form": form}, status=422 if form.errors else 200)


@in_workspace(Permission.SHARE)
@require_POST
def share_link_revoke(request: WorkspaceRequest, pk: int) -> HttpResponse:
    if actions.revoke(Actor.of(request), _link_of(request, pk)):
        undo = reverse("share_link_restore", args=[request.workspace.slug, pk])
        messages.success(request, _("Link revoked."), extra_tags=undo)
    return _back(request)


@in_workspace(Permission.SHARE)
@require_POST
def share_link_restore(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Bring a revoked link back at the same address."""
    if actions.restore(Actor.of(request), _link_of(request, pk)):
        messages.success(request, _("Link restored. It has the same address as before."))
    return _back(request)


def _link_of(request: WorkspaceRequest, pk: int) -> ShareLink:
    links = ShareLink.objects.select_related("video__workspace")
    return get_object_or_404(links, pk=pk, video__workspace=request.workspace)


def _back(request: WorkspaceRequest) -> HttpResponse:
    return (
        HttpResponseRedirect(safe_next(request))
        if safe_next(request)
        else redirect("shared_links", request.workspace.slug)
    )
