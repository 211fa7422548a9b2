from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tavusweb.accounts.freshness import fresh_sign_in

from .. import audit
from ..access import Act
from ..audit import Deed
from ..doors import WorkspaceRequest, in_workspace
from ..export import FORMS
from ..forms import KeepTrailForm, TrailForm
from ..models import AuditEvent
from .settings import change

PER_PAGE = 50


@in_workspace(Act.READ_TRAIL)
@require_safe
def trail(request: WorkspaceRequest) -> HttpResponse:
    """What happened, newest first, a page by the number of its first or last event."""
    form = TrailForm(request.GET)
    found = form.narrow(_events(request))
    newest_first, forward = found.order_by("-seq"), request.GET.get("after", "")
    if forward.isdecimal():
        shown = list(found.filter(seq__gt=int(forward[:18])).order_by("seq")[: PER_PAGE + 1])[::-1]
        has_newer, has_older = len(shown) > PER_PAGE, True
        shown = shown[-PER_PAGE:]
    else:
        start = request.GET.get("before", "")
        is_later = start.isdecimal()
        shown = list((newest_first.filter(seq__lt=int(start[:18])) if is_later else newest_first)[: PER_PAGE + 1])
        has_newer, has_older = is_later, len(shown) > PER_PAGE
        shown = shown[:PER_PAGE]
    query = form.query()

    def url(**cursor: int) -> str:
        return "?" + urlencode(query | cursor)

    context = {
        "form": form,
        "events": shown,
        "query": urlencode(query),
        "keep_form": KeepTrailForm(instance=request.workspace),
        "page": {
            "newer_url": url(after=shown[0].seq) if shown and has_newer else "",
            "older_url": url(before=shown[-1].seq) if shown and has_older else "",
        },
    }
    return render(request, "workspaces/trail.html", context)


@in_workspace(Act.READ_TRAIL)
@require_safe
def trail_export(request: WorkspaceRequest, form: str) -> HttpResponseBase:
    """The same events, oldest first, as a file that is sent while it is read."""
    if form not in FORMS:
        raise Http404
    write, content_type = FORMS[form]
    narrowed = TrailForm(request.GET)
    audit.record(request, Deed.TRAIL_EXPORTED, after={"form": form} | narrowed.query())
    response = StreamingHttpResponse(write(narrowed.narrow(_events(request))), content_type=content_type)
    name = f"{request.workspace.slug}-trail-{timezone.now():%Y-%m-%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@in_workspace(Act.OWN)
@fresh_sign_in()
@require_POST
def trail_keep(request: WorkspaceRequest) -> HttpResponse:
    """How long the trail is kept: the owner's word."""
    form = KeepTrailForm(request.POST, instance=request.workspace)
    if form.is_valid():
        change(request, keep_trail_days=form.cleaned_data["keep_trail_days"])
        messages.success(request, "Saved.")
    else:
        messages.error(request, "Choose one of the terms.")
    return redirect("trail", request.workspace.slug)


def _events(request: WorkspaceRequest) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(chain__workspace=request.workspace)
