"""The trash: a date on a video, not a status. Nothing happens at Tavus until a video is deleted for good."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from .. import notices
from .caption import Caption
from .event import EventKind, VideoEvent
from .requests import RequestsMixin
from .status import PENDING, DeleteMode, Status

if TYPE_CHECKING:
    from tavusweb.accounts.models import User

KEPT_FOR = timedelta(days=30)
# Submitted, and nobody knows yet whether Tavus has it: there is nothing that could be deleted there.
UNSETTLED = frozenset({Status.SENDING, Status.UNSURE})


class TrashMixin(RequestsMixin):
    """Move to the trash, restore, delete for good."""

    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def is_trashed(self) -> bool:
        """Whether it is in the trash. What was deleted for good has left it."""
        return self.trashed_at is not None

    @property
    def kept_until(self) -> datetime | None:
        return self.trashed_at + KEPT_FOR if self.trashed_at else None

    @property
    def is_kept(self) -> bool:
        """Whether it is neither deleted nor in the trash, nor about to be deleted."""
        return self.trashed_at is None and not self.wants_delete and self.status != Status.DELETED

    @property
    def can_delete(self) -> bool:
        return self.is_kept

    @property
    def can_restore(self) -> bool:
        return self.is_trashed and not self.wants_delete

    @property
    def can_delete_for_good(self) -> bool:
        return self.can_restore and self.status not in UNSETTLED

    @property
    def is_rendered_in_trash(self) -> bool:
        """Whether Tavus goes on with it, and charges for it, while it is in the trash."""
        return self.status in PENDING - {Status.WAITING}

    def delete_for_good(self, *, by: "User | None") -> bool:
        """Remove a draft here; have the worker delete everything else at Tavus first, if Tavus has it."""
        if not self.can_delete_for_good or not self._rows().exclude(trashed_at=None).exists():
            return False
        with transaction.atomic():
            if self.status == Status.WAITING and not self.cancel(by=by):
                return False
            if not self.is_draft and not self.is_at_tavus:
                Caption.objects.filter(video_id=self.pk).delete()
            return self.ask_to_delete(by=by, mode=DeleteMode.HARD)


@transaction.atomic
def move_to_trash(videos: "models.QuerySet[TrashMixin]", *, by: "User | None", at: datetime) -> list[UUID]:
    """Move these to the trash, in a fixed number of queries. What waits is cancelled. Return which moved.

    The date identifies them together, so that one **Undo** restores them all.
    """
    rows = videos.filter(trashed_at=None, wants_delete="").exclude(status=Status.DELETED)
    for waiting in rows.filter(status=Status.WAITING):
        waiting.cancel(by=by)
    moved = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    _mark(videos, moved, EventKind.TRASHED, by=by, at=at, trashed_at=at, trashed_by=by)
    notices.hide(moved)
    return moved


@transaction.atomic
def restore_from_trash(videos: "models.QuerySet[TrashMixin]", *, by: "User | None") -> list[UUID]:
    """Bring these back from the trash, and their share links with them. Return which came back."""
    rows = videos.filter(wants_delete="").exclude(trashed_at=None).exclude(status=Status.DELETED)
    restored = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    _mark(videos, restored, EventKind.RESTORED, by=by, at=timezone.now(), trashed_at=None, trashed_by=None)
    notices.show(restored)
    return restored


def _mark(
    videos: "models.QuerySet[TrashMixin]",
    pks: Iterable[UUID],
    kind: EventKind,
    *,
    by: "User | None",
    at: datetime,
    **changes: object,
) -> None:
    videos.model._default_manager.filter(pk__in=pks).update(**changes)
    VideoEvent.objects.bulk_create(VideoEvent(video_id=pk, actor=by, kind=kind, at=at) for pk in pks)
