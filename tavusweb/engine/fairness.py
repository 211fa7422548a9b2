"""Pick the next video to send. People sharing a key take turns: 500 videos of one do not delay the one of another."""

from datetime import datetime

from django.db.models import Case, Count, F, When, Window
from django.db.models.functions import RowNumber

from tavusweb.keys import sending
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

UNLIMITED = 1_000_000


def next_to_send(key: APIKey, at: datetime, *, limit: int) -> list[Video]:
    """Return the next videos to send with this key, as many as its free slots and `limit` allow."""
    waiting = Video.objects.waiting_to_go(at).filter(sending.active("api_key__"), api_key=key)
    if not waiting.exists():  # called twice a second; the rest costs ten times as much
        return []
    limit = min(limit, free_slots(key, at))
    if limit <= 0:
        return []
    # Counted once: a subquery would be evaluated again for every waiting video.
    rendering = Video.objects.in_production(key).order_by().values("created_by").annotate(number=Count("pk"))
    ahead = Case(
        *(When(created_by=person, then=number) for person, number in rendering.values_list("created_by", "number")),
        default=0,
    )
    turn = Window(RowNumber(), partition_by=[F("created_by")], order_by=[F("next_attempt_at"), F("created_at")])
    return list(
        waiting.annotate(turn=turn + ahead)
        .select_related("audio")
        .order_by("turn", "next_attempt_at", "created_at")[:limit]
    )


def free_slots(key: APIKey, at: datetime) -> int:
    """How many more videos this key may have in production; UNLIMITED when no limit is known."""
    slots = key.slots_at(at)
    if slots is None:
        return UNLIMITED
    being_sent = Video.objects.filter(status=Status.SENDING, api_key=key)
    return slots - (Video.objects.in_production(key, or_unsure=True) | being_sent).count()
