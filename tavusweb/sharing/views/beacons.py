"""What the page's own script tells while it is shown: that it was opened, how far it was watched, that somebody waits."""

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
    """Count an opening, or what was done in it. Always 204: there is nobody to read an error."""
    visits.count(request, entry.link, is_member=member_of(request, entry) is not None)
    refresh_if_stale(entry.link.video)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@through_gate()
def waiting(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Somebody waits for a video that is being made: it is polled more often."""
    if not entry.decision.is_gone and entry.decision.step is None:
        mark_watched([entry.link.video_id])
    return HttpResponse(status=204)
