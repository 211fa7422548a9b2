"""One share link for the people who run the server: what was reported about it, and turning it or all of them off."""

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tavusweb.accounts.reauthentication import fresh_sign_in
from tavusweb.audit.actor import Actor
from tavusweb.sharing import actions as sharing
from tavusweb.sharing.models import LinkFreeze, ShareLink

from ..forms import ReasonForm

SHOWN = 100  # reports


@require_http_methods(["GET", "HEAD", "POST"])
@staff_member_required
@permission_required("sharing.delete_sharelink", raise_exception=True)
@fresh_sign_in()
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a link without its address, or do one of `ACTS` with it."""
    row = get_object_or_404(ShareLink.objects.select_related("video__workspace", "created_by"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _act(Actor.operator(request), row, **form.cleaned_data))
        return redirect("backoffice_link", pk)
    context = {
        "link": row,
        "workspace": row.video.workspace,
        "freeze": LinkFreeze.objects.filter(workspace=row.video.workspace).first(),
        "reports": row.reports.select_related("handled_by")[:SHOWN],
        "has_open_reports": row.reports.filter(handled_at=None).exists(),
        "form": form,
    }
    return render(request, "backoffice/link.html", context, status=422 if request.method == "POST" else 200)


def _act(actor: Actor, row: ShareLink, act: str, reason: str) -> str:
    """Do one thing, and tell what is now true."""
    workspace = row.video.workspace
    match act:
        case "close":
            sharing.close_link(actor, row, reason)
            return _("Link closed. The workspace’s owners are told.")
        case "reopen":
            sharing.reopen_link(actor, row)
            return _("Link reopened.")
        case "freeze":
            sharing.freeze_links(actor, workspace, reason)
            return _("All links of the workspace are off. Its owners are told.")
        case "unfreeze":
            sharing.unfreeze_links(actor, workspace)
            return _("The workspace’s links are on again.")
    sharing.dismiss_reports(actor, row)
    return _("Reports dismissed.")
