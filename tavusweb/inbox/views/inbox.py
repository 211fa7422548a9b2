"""A member's inbox in one workspace."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tavusweb.http import safe_next
from tavusweb.notify import actions
from tavusweb.notify.kinds import Group
from tavusweb.notify.models import Mute, Notice, NoticeQuerySet
from tavusweb.notify.queries import news_for_browser, unread_count
from tavusweb.pagination import Cursor, page_of
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from ..items import items_of

PER_PAGE = 50
OPEN, UNREAD, CLOSED, MUTED = "open", "unread", "closed", "muted"
SHOWS = (
    (OPEN, gettext_lazy("Open")),
    (UNREAD, gettext_lazy("Unread")),
    (CLOSED, gettext_lazy("Closed")),
    (MUTED, gettext_lazy("Muted")),
)
GROUPS = (("", gettext_lazy("Everything")), *((group.value, group.label) for group in Group))


@in_workspace(Permission.WATCH)
@require_safe
def inbox(request: WorkspaceRequest) -> HttpResponse:
    show, group = _chosen(request)
    page = page_of(_rows(request, show, group), Cursor.read(request.GET.get("from", "")), size=PER_PAGE)
    muted = (
        frozenset(Mute.objects.filter(user=request.user).values_list("about", flat=True))
        if show != OPEN
        else frozenset()
    )

    def url(**changes: Any) -> str:
        given: dict[str, Any] = {"show": show if show != OPEN else "", "of": group} | changes
        return "?" + urlencode({name: value for name, value in given.items() if value})

    context = {
        "items": items_of(page.rows, muted),
        "page": {
            "newer_url": url(**{"from": str(page.newer)}) if page.newer else "",
            "older_url": url(**{"from": str(page.older)}) if page.older else "",
        },
        "shows": [(url(show=value if value != OPEN else ""), label, value == show) for value, label in SHOWS],
        "groups": [(url(of=value), label, value == group) for value, label in GROUPS],
        "show": show,
        "is_filtered": bool(group) or show != OPEN,
        "since": timezone.now().isoformat(),
    }
    return render(request, "inbox/inbox.html", context)


@in_workspace(Permission.WATCH)
@require_safe
def inbox_live(request: WorkspaceRequest) -> HttpResponse:
    """Return the unread count and new notices, for browser notifications and the top of the inbox.

    Where a page has nothing to change, the answer is empty: `was` is the count that it shows.
    """
    since = parse_datetime(request.GET.get("since", "").replace(" ", "+"))
    context: dict[str, Any] = {"inbox_unread": unread_count(request.user, request.workspace)}
    if since is not None and timezone.is_aware(since):
        rows = Notice.objects.inbox_of(request.user, request.workspace).unread().unmuted()
        context |= {"since": since.isoformat(), "arrived": rows.filter(created_at__gt=since).count_some()}
        return render(request, "inbox/_arrived.html", context)
    context["news"] = items_of(news_for_browser(request.user, request.workspace))
    if not context["news"] and request.GET.get("was") == str(context["inbox_unread"]):
        return HttpResponse(status=204)  # the page shows it already
    return render(request, "inbox/_count.html", context)


@in_workspace(Permission.WATCH)
@require_POST
def inbox_act(request: WorkspaceRequest, pk: str, act: str) -> HttpResponse:
    """Apply one action to one of the member's own notices."""
    if act not in ACTS:
        raise Http404
    rows = Notice.objects.filter(recipient=request.user, workspace=request.workspace, gone_at=None)
    notice = get_object_or_404(rows, pk=pk)
    do, message, undo = ACTS[act]
    if do(notice) and message:
        url = reverse("inbox_act", args=[request.workspace.slug, pk, undo]) if undo else ""
        messages.success(request, str(message), extra_tags=url)
    if not request.htmx:  # type: ignore[attr-defined]
        return HttpResponseRedirect(_back(request))
    show, _group = _chosen(request)
    left = items_of(_of(_all(request).filter(pk=pk), show))
    context = {"items": left, "inbox_unread": unread_count(request.user, request.workspace), "oob": True, "show": show}
    return render(request, "inbox/_acted.html", context)


@in_workspace(Permission.WATCH)
@require_POST
def inbox_read_all(request: WorkspaceRequest) -> HttpResponse:
    actions.mark_all_read(request.user, request.workspace)
    messages.success(request, _("Everything is marked as read."))
    return redirect("inbox", request.workspace.slug)


def _back(request: WorkspaceRequest) -> str:
    """Return the page the action came from, or the inbox for an Undo offered after another action."""
    inbox_url, page = reverse("inbox", args=[request.workspace.slug]), safe_next(request)
    is_act = page.startswith(inbox_url) and page.partition("?")[0] != inbox_url
    return inbox_url if is_act or not page else page


def _unmute(notice: Notice) -> bool:
    return actions.unmute(notice.recipient_id, notice.about)


# Each action, its message and the action that undoes it.
ACTS: dict[str, tuple[Callable[[Notice], bool], Any, str]] = {
    "read": (actions.mark_read, "", ""),
    "unread": (actions.mark_unread, "", ""),
    "close": (actions.close, gettext_lazy("Closed."), "reopen"),
    "reopen": (actions.reopen, gettext_lazy("Reopened."), ""),
    "delete": (actions.delete, gettext_lazy("Deleted."), "restore"),
    "restore": (actions.restore, gettext_lazy("Restored."), ""),
    "mute": (actions.mute, gettext_lazy("Muted. You won’t hear about this any more."), "unmute"),
    "unmute": (_unmute, gettext_lazy("Unmuted."), ""),
}


def _chosen(request: WorkspaceRequest) -> tuple[str, str]:
    given = request.POST if request.method == "POST" else request.GET
    show, group = given.get("show", ""), given.get("of", "")
    return (show if show in dict(SHOWS) else OPEN), (group if group in Group.values else "")


def _all(request: WorkspaceRequest) -> NoticeQuerySet:
    return Notice.objects.inbox_of(request.user, request.workspace)


def _rows(request: WorkspaceRequest, show: str, group: str) -> NoticeQuerySet:
    rows = _of(_all(request), show)
    return rows.of_group(Group(group)) if group else rows


def _of(rows: NoticeQuerySet, show: str) -> NoticeQuerySet:
    match show:
        case "closed":
            return rows.exclude(closed_at=None)
        case "muted":
            return rows.open().filter(
                Exists(Mute.objects.filter(user=OuterRef("recipient_id"), about=OuterRef("about")))
            )
        case "unread":
            return rows.unread().unmuted()
    return rows.open().unmuted()
