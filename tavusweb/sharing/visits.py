"""Count visits as the page reports them. Machines are told apart at once; what they are told by is not kept."""

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

import crawleruseragents
from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from tavusweb.http import address_group

from .models import ShareLink, Visit
from .visit_queue import Told, queue

NUMBER = re.compile(r"[0-9a-f]{16,32}")
# Link scanners that the list of crawlers does not know.
OTHER_MACHINES = re.compile(r"microsoft office|ms-office|edge/12\.", re.IGNORECASE)
FORGOTTEN_AT_ONCE = 10_000
QUARTERS = {"25": 25, "50": 50, "75": 75, "100": 100}
EVENTS = {"opened", "played", "clicked", "downloaded", *QUARTERS}


def count(request: HttpRequest, link: ShareLink, *, is_member: bool) -> None:
    """Count one opening, or one thing done in it: `event` is opened, played, 25 to 100, clicked or downloaded."""
    number, event, now = request.POST.get("visit", ""), request.POST.get("event", ""), timezone.now()
    if not NUMBER.fullmatch(number) or event not in EVENTS:
        return
    agent = request.headers.get("User-Agent", "")
    told = Told(link.pk, number, now, f"{address_group(request)} {agent}", is_machine(agent), is_member)
    if event in QUARTERS:
        told.furthest = QUARTERS[event]
    elif event != "opened":
        setattr(told, f"{event}_at", now)
    queue.put(told)


def put_counts(links: Iterable[ShareLink]) -> None:
    """Give each of a page's links its `views` and `plays`: by people who are no members."""
    rows = list(links)
    visits = Visit.objects.filter(link__in=rows, is_machine=False, is_member=False).order_by()
    counted = visits.values_list("link").annotate(views=Count("pk"), plays=Count("played_at"))
    by_link = {pk: (views, plays) for pk, views, plays in counted}
    for link in rows:
        link.views, link.plays = by_link.get(link.pk, (0, 0))  # type: ignore[attr-defined]


def forget_old() -> None:
    """Delete visits past KEEP_VISITS_DAYS, a bounded number at a time: the next hour deletes the rest."""
    if days := settings.KEEP_VISITS_DAYS:
        old = Visit.objects.filter(at__lt=timezone.now() - timedelta(days=days)).order_by("at")
        Visit.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])).delete()


@lru_cache(maxsize=4096)
def is_machine(agent: str) -> bool:
    """Whether a user agent is a crawler's or a link scanner's, or there is none."""
    return not agent.strip() or bool(OTHER_MACHINES.search(agent)) or crawleruseragents.is_crawler(agent)
