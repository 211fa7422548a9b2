"""Tell share links, which belong to a room above, that a video is ready or gone: by the name of a task."""

from typing import TYPE_CHECKING

from django.db import transaction
from django_q.tasks import async_task

if TYPE_CHECKING:
    from .submission import SubmissionMixin

SETTLE_TAKES = "tavusweb.sharing.takes.waiting.settle"


def tell_links(video: "SubmissionMixin", *, only_if_awaited: bool = False) -> None:
    """Wake a worker once the transaction is committed; the hourly maintenance makes up for a broker that lost it.

    The row is asked whether a link waits for it: `video` may have been loaded before somebody planned that.
    """

    def wake() -> None:
        rows = type(video)._default_manager.filter(pk=video.pk)
        if not only_if_awaited or rows.filter(is_awaited=True).exists():
            async_task(SETTLE_TAKES, str(video.pk), save=False)

    transaction.on_commit(wake, robust=True)
