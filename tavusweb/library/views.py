from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tavusweb.pagination import Cursor, page_of
from tavusweb.text_policy import LONGEST_SEARCH, as_line, cut
from tavusweb.videos.models import Video, VideoQuerySet
from tavusweb.videos.models.status import Status
from tavusweb.videos.presence import mark_watched
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .search import search_page

MAX_REFRESHED = 100  # rows in one refresh
IN_PROGRESS = "in_progress"
UNDECIDED = "undecided"  # linked from the notice, not from the filters
FILTERS = (
    ("", _("All")),
    (IN_PROGRESS, _("In progress")),
    (Status.READY, _("Ready")),
    (Status.FAILED, _("Failed")),
    (Status.DRAFT, _("Drafts")),
    (Status.CANCELLED, _("Cancelled")),
    (Status.DELETED, _("Deleted")),
)


@in_workspace(Permission.WATCH)
@require_safe
def videos(request: WorkspaceRequest) -> HttpResponse:
    status, words = request.GET.get("status", ""), cut(as_line(request.GET.get("q", "")), LONGEST_SEARCH)
    rows = request.workspace.videos.select_related("api_key", "created_by").for_rows()
    rows = _with_status(rows, status)
    cursor = Cursor.read(request.GET.get("from", ""))
    page = search_page(request.workspace, words, rows, cursor) if words else page_of(rows, cursor)
    mark_watched(video.pk for video in page.rows if video.is_pending)

    def url(cursor: Cursor | None) -> str:
        given = {"status": status, "q": words, "from": str(cursor)}
        return "?" + urlencode({name: value for name, value in given.items() if value}) if cursor else ""

    context = {
        "videos": page.rows,
        "page": {"newer_url": url(page.newer), "older_url": url(page.older)},
        "status": status,
        "filters": [
            (f"?{urlencode({'status': value, 'q': words})}", label, value == status) for value, label in FILTERS
        ],
        "q": words,
        "is_filtered": bool(words or status),
        "refresh_url": _refresh_url(request, page.rows),
        "undecided": request.workspace.videos.asking().count(),
        "has_keys": bool(page.rows) or request.workspace.api_keys.current().exists(),
    }
    return render(request, "videos/videos.html", context)


@in_workspace(Permission.WATCH)
@require_safe
def videos_refresh(request: WorkspaceRequest) -> HttpResponse:
    """Return the rows of a page that are pending or have just finished, in one request."""
    ids = [pk for text in request.GET.get("ids", "").split(",")[:MAX_REFRESHED] if (pk := _uuid(text))]
    # Filtered by id alone: with the workspace as well, SQLite reads all rows of the workspace.
    rows = Video.objects.filter(pk__in=ids).select_related("api_key", "created_by").for_rows()
    shown = [video for video in rows if video.workspace_id == request.workspace.pk]
    mark_watched(video.pk for video in shown if video.is_pending)
    context = {"videos": shown, "refresh_url": _refresh_url(request, shown), "oob": True}
    return render(request, "videos/_videos_refresh.html", context)


def _with_status(videos: VideoQuerySet, status: str) -> VideoQuerySet:
    """Filter by status or "in progress". Without a valid status, all that are not deleted."""
    if status == IN_PROGRESS:
        return videos.pending()
    if status == UNDECIDED:
        return videos.asking()
    return videos.filter(status=status) if status in Status.values else videos.exclude(status=Status.DELETED)


def _refresh_url(request: WorkspaceRequest, shown: list[Video]) -> str:
    """The URL for refreshing the pending rows of a page; empty when none is pending."""
    ids = ",".join(video.pk.hex for video in shown if video.is_pending)
    return f"{reverse('videos_refresh', args=[request.workspace.slug])}?ids={ids}" if ids else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
