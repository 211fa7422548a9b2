"""Change many share links at once, with undo."""

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms.repair import RepairForm
from ..link_filter import LinkFilter

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@in_workspace(Permission.SHARE)
@require_POST
def share_links_repair(request: WorkspaceRequest) -> HttpResponse:
    form = RepairForm(request.POST)
    if form.is_valid():
        what = actions.Repair(form.cleaned_data["repair"])
        done = actions.repair(Actor.of(request), request.workspace, form.chosen(), what)
        undo = ""
        if done.count and what == actions.Repair.REVOKE:
            undo = f"{reverse('share_links_restore', args=[request.workspace.slug])}?at={_stamp(done.at)}"
        messages.success(request, _what_happened(done.count), extra_tags=undo)
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    query = LinkFilter.read(request.POST).query()
    return redirect(reverse("shared_links", args=[request.workspace.slug]) + (query if query != "?" else ""))


@in_workspace(Permission.SHARE)
@require_POST
def share_links_restore(request: WorkspaceRequest) -> HttpResponse:
    """Restore the links that were revoked together at the moment `at`."""
    at = _moment(request.POST.get("at") or request.GET.get("at", ""))
    count = actions.restore_revoked(Actor.of(request), request.workspace, at) if at else 0
    words = ngettext("%(count)d link restored.", "%(count)d links restored.", count)
    messages.success(request, words % {"count": count})
    return redirect("shared_links", request.workspace.slug)


def _stamp(at: datetime) -> int:
    """Return microseconds since 1970, which identify that exact moment in the database."""
    return (at - BEGINNING) // MICROSECOND


def _moment(stamp: str) -> datetime | None:
    try:
        return BEGINNING + timedelta(microseconds=int(stamp))
    except (ValueError, OverflowError):
        return None


def _what_happened(count: int) -> str:
    if not count:
        return _("Nothing to change: the chosen links are in order or have ended.")
    return ngettext("%(count)d link changed.", "%(count)d links changed.", count) % {"count": count}
