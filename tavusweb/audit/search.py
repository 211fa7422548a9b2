from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import TextField
from tavusweb.http import file_separator, no_store
from tavusweb.text_policy import LONGEST_SEARCH, fold, search_words

from .actions import AuditAction
from .export import FORMS
from .models import AuditChain, AuditEvent

FEW = 5_000  # events that any database sorts quickly


class SearchForm(forms.Form):
    """Filters of the audit log. An invalid value filters nothing."""

    q = TextField(label=_("Search"), required=False, max_length=LONGEST_SEARCH)
    action = forms.ChoiceField(
        label=_("Action"), required=False, choices=[("", _("All actions")), *AuditAction.choices]
    )
    who = TextField(label=_("Person"), required=False, max_length=LONGEST_SEARCH)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @property
    def wanted(self) -> dict[str, Any]:
        self.is_valid()  # which ignores unset filters
        return self.cleaned_data

    def query(self) -> dict[str, str]:
        """Return the filters that are set, for a URL."""
        return {name: str(value) for name, value in self.wanted.items() if value}

    @property
    def is_detailed(self) -> bool:
        """Whether filters other than the search words are set."""
        return not {"who", "action", "since", "until"}.isdisjoint(self.query())

    @property
    def has_words(self) -> bool:
        """Whether events have to be read to decide whether they match."""
        return not {"q", "who"}.isdisjoint(self.query())

    def match(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """Filter by words, without an index."""
        for word in search_words(self.wanted.get("q", "")):
            matching = Q(target_folded__contains=word) | Q(actor_folded__contains=word) | Q(address__startswith=word)
            events = events.filter(matching)
        if who := fold(self.wanted.get("who", "")):
            events = events.filter(actor_folded__contains=who)
        return events

    def narrow(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """Filter by indexed columns."""
        if action := self.wanted.get("action"):
            events = events.filter(action=action)
        days: dict[str, datetime] = {}
        if since := self.wanted.get("since"):
            days["gte"] = datetime.combine(since, time.min, tzinfo=UTC)
        if until := self.wanted.get("until"):
            days["lte"] = datetime.combine(until, time.max, tzinfo=UTC)
        return _between(events, days) if days else events


def _between(events: QuerySet[AuditEvent], days: dict[str, datetime]) -> QuerySet[AuditEvent]:
    """Filter by time. Uses the index of times only for few events, because SQLite would sort all of them."""
    few = events.filter(**{f"at__{bound}": at for bound, at in days.items()})
    if not few.order_by("at").values_list("at")[FEW : FEW + 1]:
        return few
    along = events.alias(then=Coalesce("at", "at"))  # which no index knows
    return along.filter(**{f"then__{bound}": at for bound, at in days.items()})


PER_PAGE = 50
LOOKED_THROUGH = 50_000  # events that a search for words reads per page; takes a tenth of a second

Events = QuerySet[AuditEvent]


def events_of(chains: QuerySet[AuditChain]) -> Events:
    """Filter by the chain's primary key: with a join, PostgreSQL sorts a whole chain for one page."""
    return AuditEvent.objects.filter(chain=chains.values("pk")[:1])


def search_page(events: Events, request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    """Results of the search form, newest first; a page is given by the number of its first or last event.

    A search for words stops after a number of events, whether or not the page is full; the next page continues there.
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
    goes_on = shown[-1].seq if is_full else end  # None if there is no more
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
    """The last event that this page reads; None when fewer are left."""
    return next(iter(ahead.values_list("seq", flat=True)[LOOKED_THROUGH - 1 : LOOKED_THROUGH]), None)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text[:18]) if text.isdecimal() else None


def file_of(request: HttpRequest, events: Events, form: SearchForm, kind: str, *, name: str) -> StreamingHttpResponse:
    """Stream the results of the search form, oldest first, as a file. `kind` is one of FORMS."""
    write, content_type = FORMS[kind]
    lines = write(form.match(form.narrow(events)), file_separator(request))
    response = StreamingHttpResponse(lines, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}-audit-log-{timezone.now():%Y-%m-%d}.{kind}"'
    return no_store(response)
