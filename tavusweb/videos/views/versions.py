"""Choose between two versions of a draft."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..models import DraftVersion
from ..pages import version_page

KEPT = {
    "mine": gettext_lazy("Your version was kept."),
    "theirs": gettext_lazy("The saved version was kept."),
    "both": gettext_lazy("Both versions are now drafts."),
}


@in_workspace(Permission.MAKE)
def draft_version(request: WorkspaceRequest, pk: UUID, version_pk: int) -> HttpResponse:
    """Show a draft beside another window's version of it, and keep one or both."""
    versions = DraftVersion.objects.select_related("video__workspace", "saved_by")
    version = get_object_or_404(versions, pk=version_pk, video=pk, video__workspace=request.workspace)
    keep, seen = request.POST.get("keep", ""), request.POST.get("version", "")
    if request.method != "POST" or keep not in set(actions.Keep) or not seen.isdecimal():
        return version_page(request, version)
    try:
        video = actions.resolve_draft(Actor.of(request), version, actions.Keep(keep), seen=int(seen[:9]))
    except actions.ChangedElsewhere:
        messages.warning(request, _("The saved version has changed again. Compare once more."))
        return redirect("draft_version", request.workspace.slug, pk, version_pk)
    except actions.Moved:
        messages.info(request, _("This changed in the meantime. Here is the current status."))
        return redirect("video", request.workspace.slug, pk)
    messages.success(request, KEPT[keep])
    return redirect("video_edit", request.workspace.slug, video.pk)
