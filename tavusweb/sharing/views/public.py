"""The share page: no account, no effect of GET and HEAD, and no cookie before something is proven."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tavusweb.audit.actor import Actor

from .. import actions, passes
from ..gate import Entry, draw, through_gate
from ..pages import context_of
from ..steps import take


@csrf_exempt  # the gate refuses what another site sends
@require_http_methods(["GET", "HEAD", "POST"])
@through_gate()
def share(request: HttpRequest, entry: Entry) -> HttpResponse:
    if request.method == "POST":
        return _take_step(request, entry)
    return page(request, entry)


def page(request: HttpRequest, entry: Entry, *, status: int = 0, **forms: Any) -> HttpResponse:
    """Render the whole page, with any rejected forms."""
    context = context_of(entry, asked=request.GET, **forms)
    return draw("sharing/share.html", context, status=status or entry.decision.http_status)


def _take_step(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Process one step of the gate and redirect, so that a reload submits nothing twice."""
    outcome = take(request, entry)
    if outcome.proven is None:
        if outcome.is_attempt:
            actions.record_denied(Actor.of(request), entry.link, shown=str(entry.decision.step))
        refused = page(request, entry, form=outcome.form, status=outcome.status)
        if outcome.wait:
            refused["Retry-After"] = str(outcome.wait)
        return refused
    response = HttpResponseRedirect(entry.link.get_absolute_url())
    if outcome.proven != entry.proven:
        passes.write(response, entry.link, outcome.proven)
    return response


@require_safe
@through_gate()
def share_panel(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Render the part of the page that updates itself while the video is rendering. Always 200."""
    return draw("sharing/_share_panel.html", context_of(entry, asked=request.GET))
