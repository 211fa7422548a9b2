"""A trail as people read it: looked through page by page, or taken away as a file. Whose it is, the caller has seen to."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from .export import FORMS
from .forms import TrailForm
from .models import AuditEvent

PER_PAGE = 50

Events = QuerySet[AuditEvent]


def page_of(events: Events, request: HttpRequest, form: TrailForm) -> dict[str, Any]:
    """What the search form finds, newest first, a page by the number of its first or last event."""
    found, forward, start = form.narrow(events), _number(request, "after"), _number(request, "before")
    if forward is not None:
        shown = list(found.filter(seq__gt=forward).order_by("seq")[: PER_PAGE + 1])[::-1]
        has_newer, has_older = len(shown) > PER_PAGE, True
        shown = shown[-PER_PAGE:]
    else:
        older = found if start is None else found.filter(seq__lt=start)
        shown = list(older.order_by("-seq")[: PER_PAGE + 1])
        has_newer, has_older = start is not None, len(shown) > PER_PAGE
        shown = shown[:PER_PAGE]
    query = form.query()

    def url(**cursor: int) -> str:
        return "?" + urlencode(query | cursor)

    return {
        "form": form,
        "events": shown,
        "query": f"?{urlencode(query)}" if query else "",
        "page": {
            "newer_url": url(after=shown[0].seq) if shown and has_newer else "",
            "older_url": url(before=shown[-1].seq) if shown and has_older else "",
        },
    }


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text[:18]) if text.isdecimal() else None


def file_of(events: Events, form: TrailForm, kind: str, *, name: str) -> StreamingHttpResponse:
    """What the search form finds, oldest first, as a file that is sent while it is read. `kind` is one of FORMS."""
    write, content_type = FORMS[kind]
    response = StreamingHttpResponse(write(form.narrow(events)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}-trail-{timezone.now():%Y-%m-%d}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response
