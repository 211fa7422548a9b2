"""Endpoints for the page's own script: opened, how far it was watched, and that someone is waiting."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tavusweb.videos.presence import mark_watched, refresh_if_stale

from .. import visits
from ..gate import Entry, through_gate
from ..visitor_policy import Right
from ..visitors import member_of


@csrf_exempt  # the gate refuses what another site sends
@require_POST
@through_gate(Right.VIEW)
def visit(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Count a visit, or an event in it. Always 204: no one would read an error."""
    visits.count(request, entry.link, is_member=member_of(request, entry) is not None)
    refresh_if_stale(entry.link.video)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@through_gate()
def waiting(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Note that someone is waiting for a pending video, so that it is polled more often."""
    if not entry.decision.is_gone and entry.decision.step is None:
        mark_watched([entry.link.video_id])
    return HttpResponse(status=204)
