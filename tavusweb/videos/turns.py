"""Whose video goes out next. Within a key people take turns: one person's 500 do not hold up a colleague's one."""

from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from tavusweb.keys.models import APIKey

from .life import AT_TAVUS, Status
from .models import Video


def next_to_send(key: APIKey, at: datetime, *, most: int) -> list[Video]:
    """The next videos to send with this key, as many as its free slots and `most` allow."""
    limit = min(most, free_slots(key, at))
    if limit <= 0:
        return []
    rendering = (
        Video.objects.filter(api_key=key, status__in=AT_TAVUS, created_by=OuterRef("created_by"))
        .order_by()
        .values("created_by")
        .annotate(number=Count("pk"))
        .values("number")
    )
    turn = Window(RowNumber(), partition_by=[F("created_by")], order_by=[F("next_attempt_at"), F("created_at")])
    return list(
        Video.objects.waiting_to_go(at)
        .filter(api_key=key)
        .annotate(turn=turn + Coalesce(Subquery(rendering), 0))
        .select_related("audio")
        .order_by("turn", "next_attempt_at", "created_at")[:limit]
    )


def free_slots(key: APIKey, at: datetime) -> int:
    """How many more videos this key may have in production; a number without meaning is large."""
    limit = key.slots_at(at)
    if limit is None:
        return 1_000_000
    taken = Video.objects.filter(Q(status__in=AT_TAVUS) | Q(status__in=[Status.SENDING, Status.UNSURE]), api_key=key)
    return limit - taken.count()
