"""Count visits as pages report them. Bots are recognised immediately; what identifies them is not stored."""

import re
from collections.abc import Iterable
from functools import lru_cache

import crawleruseragents
from django.db.models import Count, Sum
from django.http import HttpRequest
from django.utils import timezone

from tavusweb.http import address_group

from .models import ShareLink, Visit, VisitDay
from .visit_days import PEOPLE, first_open_day, start_of
from .visit_numbers import ALL_SEGMENTS, MOST_SECONDS
from .visit_queue import VisitReport, queue

NUMBER = re.compile(r"[0-9a-f]{16,32}")
SECONDS, WATCHED = re.compile(r"[0-9]{1,6}"), re.compile(r"[0-9a-f]{1,13}")
# Link scanners that the list of crawlers does not know.
OTHER_MACHINES = re.compile(r"microsoft office|ms-office|edge/12\.", re.IGNORECASE)
QUARTERS = {"25": 25, "50": 50, "75": 75, "100": 100}
EVENTS = {"opened", "played", "clicked", "downloaded", "left", *QUARTERS}


def count(request: HttpRequest, link: ShareLink, *, is_member: bool) -> None:
    """Count a visit or an event in it, one of EVENTS. A repeated report counts once."""
    number, event, now = request.POST.get("visit", ""), request.POST.get("event", ""), timezone.now()
    if not NUMBER.fullmatch(number) or event not in EVENTS or refuses(request):
        return
    agent = request.headers.get("User-Agent", "")
    report = VisitReport(link.pk, number, now, f"{address_group(request)} {agent}", is_machine(agent), is_member)
    report.is_measured = request.POST.get("player") == "own"
    report.watched = int(_given(request, "watched", WATCHED) or "0", 16) & ALL_SEGMENTS
    if seconds := _given(request, "seconds", SECONDS):
        report.seconds = min(int(seconds), MOST_SECONDS)
    if event in QUARTERS:
        report.furthest = QUARTERS[event]
    elif event in {"played", "clicked", "downloaded"}:
        setattr(report, f"{event}_at", now)
    queue.put(report)


def refuses(request: HttpRequest) -> bool:
    """Return whether a browser asks not to be tracked: then nothing is counted. The page's script checks this as well."""
    return request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1"


def _given(request: HttpRequest, name: str, pattern: re.Pattern[str]) -> str:
    """Return a field of the request; "" if it is missing or invalid."""
    given = request.POST.get(name, "")
    return given if pattern.fullmatch(given) else ""


def put_counts(links: Iterable[ShareLink]) -> None:
    """Set `views` and `plays` on each link of a page, counting only people outside the workspace."""
    rows = list(links)
    for link in rows:
        link.views = link.plays = 0  # type: ignore[attr-defined]
    added_up = VisitDay.objects.filter(link__in=rows).values_list("link").annotate(Sum("views"), Sum("plays"))
    since = first_open_day()
    visits = Visit.objects.filter(PEOPLE, link__in=rows, at__gte=start_of(since)) if since else Visit.objects.none()
    counted = visits.order_by().values_list("link").annotate(Count("pk"), Count("played_at"))
    by_pk = {link.pk: link for link in rows}
    for pk, views, plays in [*added_up, *counted]:
        by_pk[pk].views += views  # type: ignore[attr-defined]
        by_pk[pk].plays += plays  # type: ignore[attr-defined]


@lru_cache(maxsize=4096)
def is_machine(agent: str) -> bool:
    """Return whether a user agent is empty, or that of a crawler or link scanner."""
    return not agent.strip() or bool(OTHER_MACHINES.search(agent)) or crawleruseragents.is_crawler(agent)
