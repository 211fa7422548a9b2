from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tavusweb.http import after_answer
from tavusweb.pagination import Cursor, KeysetPage, page_of
from tavusweb.videos.models import Video
from tavusweb.videos.presence import mark_rows_watched
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from . import actions
from .choices import Choices, choices_of
from .counts import Count, status_counts
from .filters import EMPTY, OLDEST, STATUSES, UNDECIDED, LibraryFilter, as_uuid
from .rows import at_a_glance, drawn_rows, with_keys_and_people
from .search import search_page

GRID, LIST = VIEWS = ("grid", "list")
VIEW_COOKIE = "library_view"
VIEW_COOKIE_OPTIONS: Any = {
    "max_age": 400 * 86_400,
    "secure": settings.SESSION_COOKIE_SECURE,
    "httponly": True,
    "samesite": "Lax",
    "path": "/w/",
}
MOST_FOUND = 8  # in the command menu
MAX_REFRESHED = 100  # rows in one refresh
BEFORE_ALL = Cursor(datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0), is_newer=True)


@in_workspace(Permission.WATCH)
@require_safe
def videos(request: WorkspaceRequest) -> HttpResponse:
    chosen, view = LibraryFilter.read(request.GET), _view(request)
    choices = choices_of(request.workspace, request.user)
    page = _page(request, chosen, choices)
    rows = with_keys_and_people(page.rows, choices)
    at_a_glance(rows, choices)
    counts = status_counts(request.workspace)
    context = {
        "videos": rows,
        "drawn_rows": drawn_rows(request, rows),
        "page": {"newer_url": chosen.page_url(page.newer), "older_url": chosen.page_url(page.older)},
        "filter": chosen,
        "status": chosen.status,
        "statuses": [_status(chosen, counts, value, label) for value, label in STATUSES],
        "choices": choices,
        "keys": choices.current_keys,
        "q": chosen.q,
        "empty_title": EMPTY.get(chosen.status, "") if chosen.values.keys() <= {"status", "order"} else "",
        "count": counts.get(chosen.status) if chosen.values.keys() <= {"status", "order"} else None,
        "now": timezone.now(),
        "view": view,
        "share_group": uuid4(),
        "is_filtered": chosen.is_on,
        "saved_filters": choices.filters,
        "refresh_url": _refresh_url(request, rows),
        "undecided": counts[UNDECIDED].number,
        "has_keys": bool(rows or choices.current_keys),
    }
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        response = render(request, "library/_results.html", context)
        response["HX-Replace-Url"] = f"{request.path}{chosen.url()}"
    else:
        response = render(request, "videos/videos.html", context)
        if request.GET.get("view") == view:
            response.set_cookie(VIEW_COOKIE, view, **VIEW_COOKIE_OPTIONS)
    return after_answer(response, lambda: mark_rows_watched(rows))


def _view(request: WorkspaceRequest) -> str:
    """The chosen view, remembered by the browser: a look at a page writes nothing."""
    given = (request.GET.get("view"), request.COOKIES.get(VIEW_COOKIE))
    return next((view for view in given if view in VIEWS), GRID)


def _page(request: WorkspaceRequest, chosen: LibraryFilter, choices: Choices) -> KeysetPage[Video]:
    """Read a page, newest first or, from the other end, oldest first."""
    rows, cursor = chosen.apply(request.workspace.videos.for_library()), Cursor.read(request.GET.get("from", ""))
    start = cursor or (BEFORE_ALL if chosen.order == OLDEST else None)
    if chosen.q:
        page = search_page(request.workspace, chosen.q, rows, start, people=choices.people)
    else:
        page = page_of(rows, start)
    if chosen.order != OLDEST:
        return page
    return KeysetPage(page.rows[::-1], page.older if cursor else None, page.newer)


def _status(chosen: LibraryFilter, counts: dict[str, Count], value: str, label: object) -> dict[str, object]:
    count = counts[value]
    return {"url": chosen.url(status=value), "label": label, "is_current": value == chosen.status, "count": count}


@in_workspace(Permission.WATCH)
@require_safe
def commands(request: WorkspaceRequest) -> HttpResponse:
    """The command menu and the list of keys, which a page asks for with the first key that opens one."""
    return render(request, "library/_commands.html")


@in_workspace(Permission.WATCH)
@require_safe
def videos_found(request: WorkspaceRequest) -> HttpResponse:
    """The newest few videos with the words of the command menu."""
    chosen = LibraryFilter(q=LibraryFilter.read(request.GET).q)
    people = choices_of(request.workspace, request.user).people
    rows = chosen.apply(request.workspace.videos.for_library())
    page = search_page(request.workspace, chosen.q, rows, None, people=people, size=MOST_FOUND)
    return render(request, "library/_found.html", {"videos": page.rows})


@in_workspace(Permission.WATCH)
@require_POST
def saved_filter_save(request: WorkspaceRequest) -> HttpResponse:
    """Save the filters of an address under a name, and return to them."""
    chosen = LibraryFilter.read(QueryDict(request.POST.get("query", "")))
    try:
        actions.save_filter(request.user, request.workspace, request.POST.get("name", ""), chosen)
    except actions.CannotSave as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Filter saved."))
    return redirect(f"{reverse('videos', args=[request.workspace.slug])}{chosen.url()}")


@in_workspace(Permission.WATCH)
@require_POST
def saved_filter_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    if not actions.delete_filter(request.user, request.workspace, pk):
        raise Http404
    messages.success(request, _("Filter deleted."))
    return redirect("videos", request.workspace.slug)


@in_workspace(Permission.WATCH)
@require_safe
def videos_refresh(request: WorkspaceRequest) -> HttpResponse:
    """Return the rows of a page that are pending or have just finished, in one request."""
    ids = [pk for text in request.GET.get("ids", "").split(",")[:MAX_REFRESHED] if (pk := as_uuid(text))]
    # Filtered by id alone: with the workspace as well, SQLite reads all rows of the workspace.
    rows = Video.objects.filter(pk__in=ids).select_related("api_key", "created_by").for_rows()
    shown = [video for video in rows if video.workspace_id == request.workspace.pk]
    context = {"videos": shown, "refresh_url": _refresh_url(request, shown), "oob": True}
    response = render(request, "videos/_videos_refresh.html", context)
    return after_answer(response, lambda: mark_rows_watched(shown))


def _refresh_url(request: WorkspaceRequest, shown: list[Video]) -> str:
    """The URL for refreshing the pending rows of a page; empty when none is pending."""
    ids = ",".join(video.pk.hex for video in shown if video.is_pending)
    return f"{reverse('videos_refresh', args=[request.workspace.slug])}?ids={ids}" if ids else ""
