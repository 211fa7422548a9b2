"""Notify a link's owner that it was watched: the first time at once, later visits once a day."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from tavusweb.notify.actions import tell
from tavusweb.notify.kinds import Kind
from tavusweb.notify.models import Notice

from .models import FirstVisit, ShareLink, Visit
from .visit_days import PEOPLE, start_of, today

AT_ONCE = 500  # links


def note_first(visited: dict[int, datetime]) -> None:
    """Record when strangers first opened links, and notify their owners, once even with two processes."""
    known = set(FirstVisit.objects.filter(link__in=visited).values_list("link", flat=True))
    for link in _links(set(visited) - known):
        with transaction.atomic():
            if FirstVisit.objects.get_or_create(link=link, defaults={"at": visited[link.pk]})[1]:
                tell(
                    [link.created_by],
                    Kind.FIRST_WATCHED,
                    workspace=link.video.workspace_id,
                    subject_key=f"first-visit:{link.pk}",
                    about=f"link:{link.pk}",
                    url=_url(link),
                    data={"title": link.video.display_title, "link": link.name},
                )


def tell_of_yesterday() -> None:
    """Notify owners how often strangers opened their links yesterday. Running it again notifies no one twice."""
    day = today() - timedelta(days=1)
    visits = Visit.objects.filter(PEOPLE, at__gte=start_of(day), at__lt=start_of(today())).order_by()
    counted = visits.values("link").annotate(views=Count("pk"), plays=Count("played_at"))
    numbers = {row["link"]: row for row in counted}
    told = Notice.objects.filter(kind=Kind.VISITS, subject_key__endswith=f":{day}").values_list(
        "subject_key", flat=True
    )
    done = {int(key.split(":")[1]) for key in told}
    for link in _links(set(numbers) - done):
        tell(
            [link.created_by],
            Kind.VISITS,
            workspace=link.video.workspace_id,
            subject_key=f"visits:{link.pk}:{day}",
            about=f"link:{link.pk}",
            url=_url(link),
            data={"title": link.video.display_title, "link": link.name}
            | {name: numbers[link.pk][name] for name in ("views", "plays")},
        )


def _links(pks: Iterable[int]) -> "Iterable[ShareLink]":
    links, waiting = ShareLink.objects.select_related("created_by", "video__workspace"), sorted(pks)
    for start in range(0, len(waiting), AT_ONCE):
        yield from links.filter(pk__in=waiting[start : start + AT_ONCE])


def _url(link: ShareLink) -> str:
    return reverse("link_numbers", args=[link.video.workspace.slug, link.pk])
