"""Statistics of a link or a video for members, live and as a file, and how visits are counted."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.http import file_separator
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions, charts, numbers, retention, visits
from ..forms.numbers import KeepVisitsForm
from ..models import ShareLink
from ..visit_days import today

PERIODS = {"7": gettext_lazy("7 days"), "30": gettext_lazy("30 days"), "90": gettext_lazy("90 days")}
PER_PAGE = 50


@in_workspace(Permission.WATCH)
@require_safe
def link_numbers(request: WorkspaceRequest, pk: int) -> HttpResponse:
    link = _link_of(request, pk)
    return _page(request, numbers.of_link, link, {"link": link, "video": link.video})


@in_workspace(Permission.WATCH)
@require_safe
def video_numbers(request: WorkspaceRequest, pk: str) -> HttpResponse:
    video = get_object_or_404(request.workspace.videos, pk=pk)
    links = Paginator(video.share_links.select_related("created_by"), PER_PAGE).get_page(request.GET.get("page"))
    visits.put_counts(links.object_list)
    return _page(request, numbers.of_video, video, {"video": video, "page": links})


@in_workspace(Permission.WATCH)
@require_safe
def link_numbers_file(request: WorkspaceRequest, pk: int) -> StreamingHttpResponse:
    link = _link_of(request, pk)
    return _file(request, ShareLink.objects.filter(pk=link.pk), f"link-{link.pk}")


@in_workspace(Permission.WATCH)
@require_safe
def video_numbers_file(request: WorkspaceRequest, pk: str) -> StreamingHttpResponse:
    video = get_object_or_404(request.workspace.videos, pk=pk)
    return _file(request, ShareLink.objects.filter(video=video), f"video-{video.pk}")


@in_workspace(Permission.WATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_settings(request: WorkspaceRequest) -> HttpResponse:
    """Edit how visits are counted and how long they are kept."""
    if request.method == "POST" and not request.membership.can(Permission.MANAGE_SETTINGS):
        raise PermissionDenied
    form = KeepVisitsForm(request.POST or None, instance=request.workspace)
    if request.method == "POST" and form.is_valid():
        actions.keep_visits(Actor.of(request), request.workspace, form.cleaned_data["keep_visits_days"])
        messages.success(request, _("Settings saved."))
        return redirect("visit_settings", request.workspace.slug)
    context = {"form": form, "days_kept": retention.days_kept(request.workspace)}
    return render(request, "sharing/visit_settings.html", context, status=422 if form.errors else 200)


def _page(
    request: WorkspaceRequest, report_of: Callable[[Any, date], numbers.Report], subject: Any, context: dict[str, Any]
) -> HttpResponse:
    period, first = _period(request)
    report = report_of(subject, first)
    shown = list(report.days.items())
    context |= {
        "report": report,
        "total": report.total,
        "days": shown[::-1],
        "views_chart": charts.bars([day.views for _day, day in shown]),
        "curve_chart": charts.bars([report.total.share(visits) or 0 for visits in report.total.curve], top=100),
        "curve": [(number * 2, visits, report.total.share(visits)) for number, visits in enumerate(report.total.curve)],
        "period": period,
        "periods": [*PERIODS.items(), ("all", _("All"))],
        "days_kept": retention.days_kept(request.workspace),
    }
    return render(request, f"sharing/{'_numbers' if request.htmx else 'numbers'}.html", context)  # type: ignore[attr-defined]


def _period(request: WorkspaceRequest) -> tuple[str, date]:
    """Return the requested period and its first day, within the retention period."""
    asked = request.GET.get("days", "")
    kept = retention.first_day(request.workspace)
    if asked == "all":
        return asked, kept
    asked = asked if asked in PERIODS else "30"
    return asked, max(kept, today() - timedelta(days=int(asked) - 1))


def _file(request: WorkspaceRequest, links: Any, name: str) -> StreamingHttpResponse:
    lines = numbers.as_csv(links, retention.first_day(request.workspace), file_separator(request))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="visits-{name}.csv"'
    return response


def _link_of(request: WorkspaceRequest, pk: int) -> ShareLink:
    links = ShareLink.objects.select_related("video")
    return get_object_or_404(links, pk=pk, video__workspace=request.workspace)
