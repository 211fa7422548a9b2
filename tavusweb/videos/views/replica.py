"""One replica: what it looks like, what it was used for, and the way to a new video with it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tavusweb.keys.models import Replica
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

RECENT = 6  # videos that are shown
MOST_COUNTED = 1000


@in_workspace(Permission.WATCH)
@require_safe
def replica(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show a replica as one of the workspace's keys last saw it."""
    keys = request.workspace.api_keys.current()
    row = get_object_or_404(Replica.objects.select_related("api_key"), pk=pk, api_key__in=keys)
    used = request.workspace.videos.current().filter(replica_id=row.replica_id)
    context = {
        "replica": row,
        "videos": used.newest_first().for_rows()[:RECENT],
        "videos_count": used[: MOST_COUNTED + 1].count(),
        "most_counted": MOST_COUNTED,
    }
    return render(request, "videos/replica.html", context)
