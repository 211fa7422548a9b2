from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.http import safe_next
from tavusweb.videos.pages import video_page
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import RulesForm
from ..forms.presets import new_link_form
from ..forms.repair import offered_repairs
from ..forms.rules import initial_of
from ..forwarding import put_browsers
from ..link_filter import LinkFilter, filters
from ..models import LinkFreeze, ShareLink, policy_of
from ..ranking import Ranking
from ..visits import put_counts

PER_PAGE = 50


@in_workspace(Permission.WATCH)
@require_safe
def shared_links(request: WorkspaceRequest) -> HttpResponse:
    """List all share links: live ones first, the riskiest at the top."""
    chosen, ranking = LinkFilter.read(request.GET), Ranking(request.workspace, timezone.now())
    counts = ranking.counts()
    rows = chosen.apply(ranking).select_related("video", "created_by", "revoked_by")
    paginator = Paginator(rows, PER_PAGE)
    if not chosen.fields():
        paginator.count = counts["all"]
    page = paginator.get_page(request.GET.get("page"))
    links = list(page.object_list)
    put_counts(links)
    put_browsers(links)
    ranking.note_risks(links)
    context = {
        "page": page,
        "links": links,
        "filter": chosen,
        "filters": filters(chosen, counts),
        "has_links": bool(counts["all"]),
        "repairs": offered_repairs(),
        "up_to": counts["newest"],
        "freeze": LinkFreeze.objects.filter(workspace=request.workspace).first(),
    }
    return render(request, "sharing/shared_links.html", context)


@in_workspace(Permission.SHARE)
@require_POST
def share_link_create(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = get_object_or_404(request.workspace.videos, pk=pk)
    form = new_link_form(request.workspace, request.POST, auto_id="share_%s")
    if not form.is_valid():
        return video_page(request, video, extra_form=form)
    try:
        actions.share(Actor.of(request), video, password=form.cleaned_data["password"], **form.fields_of_link())
    except actions.AgainstPolicy as error:  # changed since the form was checked
        form.add_error(None, str(error))
        return video_page(request, video, extra_form=form)
    except actions.LinkClosed:
        messages.error(request, _("The staff of this server turned off all share links of this workspace."))
    except actions.NotShareable:
        messages.error(request, _("Drafts and deleted videos can’t be shared."))
    else:
        messages.success(request, _("Share link created."))
    return redirect("video", request.workspace.slug, pk)


@in_workspace(Permission.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def share_link(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Edit the rules of one link. An empty password keeps the current one."""
    link, policy = _link_of(request, pk), policy_of(request.workspace)
    is_sent = request.method == "POST"
    # With `check`, the page shows at once what keeps the link from being restored.
    given = request.POST if is_sent else initial_of(link) if "check" in request.GET else None
    form = RulesForm(given, link=link, policy=policy)
    if is_sent and form.is_valid() and _change(request, link, form):
        messages.success(request, _("Share link saved."))
        return redirect("shared_links", request.workspace.slug)
    status = 422 if is_sent else 200
    return render(request, "sharing/share_link.html", {"link": link, "form": form}, status=status)


def _change(request: WorkspaceRequest, link: ShareLink, form: RulesForm) -> bool:
    password = "" if "remove_password" in request.POST else form.cleaned_data["password"] or None
    try:
        actions.change(Actor.of(request), link, password=password, **form.fields_of_link())
    except actions.AgainstPolicy as error:  # changed since the form was checked
        form.add_error(None, str(error))
        return False
    return True


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
    """Restore a revoked link at the same address. One that violates the policy leads to its rules instead."""
    try:
        if actions.restore(Actor.of(request), _link_of(request, pk)):
            messages.success(request, _("Link restored. It has the same address as before."))
    except actions.LinkClosed:
        messages.error(request, _("The staff of this server closed this link, so it can’t be restored."))
    except actions.AgainstPolicy:
        messages.error(
            request, _("This link doesn’t follow the workspace’s policy. Change its rules, then restore it.")
        )
        return redirect(f"{reverse('share_link', args=[request.workspace.slug, pk])}?check=1")
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
