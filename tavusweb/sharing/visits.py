"""Count visits as the page reports them. Machines are told apart at once; what they are told by is not kept."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from functools import lru_cache

import crawleruseragents
from django.core.cache import cache
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from tavusweb.http import address_group
from tavusweb.rate_limits import DAY, Limit, may_go_on

from .models import ShareLink, Visit

NUMBER = re.compile(r"[0-9a-f]{16,32}")
# Link scanners that the list of crawlers does not know.
OTHER_MACHINES = re.compile(r"microsoft office|ms-office|edge/12\.", re.IGNORECASE)
QUARTERS = {"25": 25, "50": 50, "75": 75, "100": 100}


def count(request: HttpRequest, link: ShareLink, *, is_member: bool) -> None:
    """Count one opening, or one thing done in it: `event` is opened, played, 25 to 100, clicked or downloaded."""
    number, event = request.POST.get("visit", ""), request.POST.get("event", "")
    if not NUMBER.fullmatch(number):
        return
    known = Visit.objects.filter(link=link, number=number)
    if event == "opened":
        address = address_group(request)
        if not may_go_on(Limit.COUNT_VISIT, f"{link.pk} {address}"):
            return
        agent = request.headers.get("User-Agent", "")
        row = Visit(
            link=link,
            number=number,
            viewer=_viewer(f"{address} {agent}"),
            is_machine=is_machine(agent),
            is_member=is_member,
        )
        Visit.objects.bulk_create([row], ignore_conflicts=True)
    elif event in QUARTERS:
        known.exclude(furthest__gte=QUARTERS[event]).update(furthest=QUARTERS[event])
    elif event in {"played", "clicked", "downloaded"}:
        known.filter(**{f"{event}_at": None}).update(**{f"{event}_at": timezone.now()})


def put_counts(links: Iterable[ShareLink]) -> None:
    """Give each of a page's links its `views` and `plays`: by people who are no members."""
    rows = list(links)
    visits = Visit.objects.filter(link__in=rows, is_machine=False, is_member=False).order_by()
    counted = visits.values_list("link").annotate(views=Count("pk"), plays=Count("played_at"))
    by_link = {pk: (views, plays) for pk, views, plays in counted}
    for link in rows:
        link.views, link.plays = by_link.get(link.pk, (0, 0))  # type: ignore[attr-defined]


@lru_cache(maxsize=4096)
def is_machine(agent: str) -> bool:
    """Whether a user agent is a crawler's or a link scanner's, or there is none."""
    return not agent.strip() or bool(OTHER_MACHINES.search(agent)) or crawleruseragents.is_crawler(agent)


def _viewer(text: str) -> str:
    """A hash that tells visitors of one day apart. Its salt is kept for a day, and nowhere else."""
    key = f"visit-salt:{timezone.now():%Y-%m-%d}"
    salt = cache.get_or_set(key, lambda: secrets.token_hex(16), DAY)
    return hashlib.sha256(f"{salt} {text}".encode(errors="replace")).hexdigest()[:16]
