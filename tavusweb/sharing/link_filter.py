"""Filters for a workspace's share links: live, ended, with one risk, or of one group of personal links."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from tavusweb.text_policy import LONGEST_SEARCH, as_line, cut, search_words
from tavusweb.videos.models import Video

from .ranking import Ranking, is_live
from .risk import Risk

LIVE, ENDED = "live", "ended"


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """The filter that a list was asked for. Unknown values are ignored."""

    show: str = ""
    risk: str = ""
    words: str = ""
    group: str = ""  # of personal links that were made together

    @classmethod
    def read(cls, given: Any) -> Self:
        """Read a filter from a query or a form."""
        show, risk = given.get("show", ""), given.get("risk", "")
        return cls(
            show=show if show in {LIVE, ENDED} else "",
            risk=risk if risk in Risk.values else "",
            words=cut(as_line(given.get("q", "")), LONGEST_SEARCH),
            group=_group(given.get("group", "")),
        )

    def apply(self, ranking: Ranking) -> Any:
        """Return the ranked links that match."""
        links, is_on = ranking.links(), is_live(ranking.at)
        if self.show:
            links = links.filter(is_on) if self.show == LIVE else links.exclude(is_on)
        if self.risk:
            links = links.filter(ranking.has(Risk(self.risk)))
        if self.group:
            links = links.filter(group=self.group)
        if self.words:
            videos = Video.objects.search(self.words).values("pk")
            names = Q()
            for word in search_words(self.words):
                names &= Q(name_folded__contains=word) | Q(recipient_email__contains=word)
            links = links.filter(names | Q(video__in=videos))
        return links

    def fields(self) -> dict[str, str]:
        """Return the filter as form or query parameters."""
        given = {"show": self.show, "risk": self.risk, "q": self.words, "group": self.group}
        return {name: value for name, value in given.items() if value}

    def query(self, **changes: str) -> str:
        """Return the query string of the same list with some parameters changed."""
        return "?" + urlencode({name: value for name, value in (self.fields() | changes).items() if value})


def _group(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class FilterLink:
    url: str
    label: str
    count: int
    is_current: bool


def filters(chosen: LinkFilter, counts: dict[str, int]) -> list[FilterLink]:
    """Return the filters a list offers: all links, live ones, and each risk that a live link has."""
    offered = [
        FilterLink(
            chosen.query(show="", risk="", group=""),
            _("All"),
            counts["all"],
            not (chosen.show or chosen.risk or chosen.group),
        ),
        FilterLink(chosen.query(show=LIVE, risk=""), _("Live"), counts["live"], chosen.show == LIVE),
        FilterLink(chosen.query(show=ENDED, risk=""), _("Ended"), counts["all"] - counts["live"], chosen.show == ENDED),
    ]
    for risk in Risk:
        is_current = chosen.risk == risk
        if counts[risk] or is_current:
            offered.append(FilterLink(chosen.query(show="", risk=risk), str(risk.label), counts[risk], is_current))
    return offered
