"""A trail as people read it: looked through page by page, or taken away as a file. Whose it is, the caller has seen to."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from .export import FORMS
from .forms import TrailForm
from .trail import AuditChain, AuditEvent

PER_PAGE = 50
LOOKED_THROUGH = 50_000  # events that a search for words reads for one page; a tenth of a second's work

Events = QuerySet[AuditEvent]


def events_of(chains: QuerySet[AuditChain]) -> Events:
    """By the chain's own number: joined, PostgreSQL sorts all of a chain for a page of it."""
    return AuditEvent.objects.filter(chain=chains.values("pk")[:1])


def page_of(events: Events, request: HttpRequest, form: TrailForm) -> dict[str, Any]:
    """What the search form finds, newest first, a page by the number of its first or last event.

    A search for words ends where it has looked through enough, full or not, and the next page goes on from there.
    """
    forward, start = _number(request, "after"), _number(request, "before")
    ahead = form.narrow(events)
    if forward is not None:
        ahead = ahead.filter(seq__gt=forward).order_by("seq")
    else:
        ahead = (ahead if start is None else ahead.filter(seq__lt=start)).order_by("-seq")
    end = _end_of_look(ahead) if form.has_words else None
    if end is not None:
        ahead = ahead.filter(**{"seq__gte" if forward is None else "seq__lte": end})
    shown = list(form.match(ahead)[: PER_PAGE + 1])
    is_full = len(shown) > PER_PAGE
    shown = shown[:PER_PAGE]
    goes_on = shown[-1].seq if is_full else end  # None where there is nothing more
    if forward is None:
        back = None if start is None else shown[0].seq if shown else start - 1
        older, newer = goes_on, back
    else:
        older, newer = shown[0].seq if shown else forward + 1, goes_on
        shown.reverse()
    query = form.query()

    def url(**cursor: int | None) -> str:
        return "" if None in cursor.values() else "?" + urlencode(query | cursor)

    return {
        "form": form,
        "events": shown,
        "query": f"?{urlencode(query)}" if query else "",
        "looked_to": None if is_full or end is None else events.filter(seq=end).values_list("at", flat=True).first(),
        "page": {"newer_url": url(after=newer), "older_url": url(before=older)},
    }


def _end_of_look(ahead: Events) -> int | None:
    """The last event that this page reads; None when there are not so many ahead."""
    return next(iter(ahead.values_list("seq", flat=True)[LOOKED_THROUGH - 1 : LOOKED_THROUGH]), None)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text[:18]) if text.isdecimal() else None


def file_of(events: Events, form: TrailForm, kind: str, *, name: str) -> StreamingHttpResponse:
    """What the search form finds, oldest first, as a file that is sent while it is read. `kind` is one of FORMS."""
    write, content_type = FORMS[kind]
    response = StreamingHttpResponse(write(form.match(form.narrow(events))), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}-trail-{timezone.now():%Y-%m-%d}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response
