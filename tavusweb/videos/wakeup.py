"""Wake the engine, which is higher in the layers, by the name of its task."""

from django.db import transaction
from django_q.tasks import async_task

from .models import Video

SEND_NEXT = "tavusweb.engine.tasks.send_next"


def submit_later(video: Video) -> None:
    """Wake a worker as soon as the transaction is committed, to send what is next with the key that the row waits with.

    The row is asked, not `video`: a move may have given it back to the key that replaced the one it was loaded with.
    A broker that is away is logged and no more: the row is kept, and the sweep sends it a moment later.
    """

    def wake() -> None:
        if key_id := Video.objects.filter(pk=video.pk).values_list("api_key_id", flat=True).first():
            async_task(SEND_NEXT, str(key_id), save=False)

    transaction.on_commit(wake, robust=True)
