"""Pages of the library by keyset: as quick on the last page as on the first, whatever is added meanwhile."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from .models import Video

PER_PAGE = 100


@dataclass(frozen=True)
class Cursor:
    """A place between two videos: everything before or after this one."""

    created_at: datetime
    pk: UUID
    is_newer: bool = False

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor that an address holds; None when it is none of ours."""
        try:
            side, moment, pk = base64.urlsafe_b64decode(text.encode()).decode().split(" ")
            # Back to UTC, and so refused here when it is outside of what a database can compare.
            return cls(datetime.fromisoformat(moment).astimezone(UTC), UUID(pk), side == "newer")
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        text = f"{'newer' if self.is_newer else 'older'} {self.created_at.isoformat()} {self.pk}"
        return base64.urlsafe_b64encode(text.encode()).decode()


@dataclass(frozen=True)
class LibraryPage:
    videos: list[Video]
    newer: Cursor | None
    older: Cursor | None


def page_of(videos: QuerySet[Video], cursor: Cursor | None, *, size: int = PER_PAGE) -> LibraryPage:
    """The `size` videos next to the cursor, newest first; the first page when there is nothing beyond the cursor.

    One query, of `size` + 1 rows.
    """
    if cursor is None:
        rows, more = _some(videos.order_by("-created_at", "-id"), size)
        return _page(rows, has_newer=False, has_older=more)
    if cursor.is_newer:
        after = Q(created_at__gt=cursor.created_at) | Q(created_at=cursor.created_at, id__gt=cursor.pk)
        near = videos.filter(after, created_at__gte=cursor.created_at)
        rows, more = _some(near.order_by("created_at", "id"), size)
        rows, has_newer, has_older = rows[::-1], more, True
    else:
        before = Q(created_at__lt=cursor.created_at) | Q(created_at=cursor.created_at, id__lt=cursor.pk)
        near = videos.filter(before, created_at__lte=cursor.created_at)
        rows, more = _some(near.order_by("-created_at", "-id"), size)
        has_newer, has_older = True, more
    return _page(rows, has_newer=has_newer, has_older=has_older) if rows else page_of(videos, None, size=size)


def _some(videos: QuerySet[Video], size: int) -> tuple[list[Video], bool]:
    rows = list(videos[: size + 1])
    return rows[:size], len(rows) > size


def _page(rows: list[Video], *, has_newer: bool, has_older: bool) -> LibraryPage:
    return LibraryPage(
        rows,
        Cursor(rows[0].created_at, rows[0].pk, is_newer=True) if rows and has_newer else None,
        Cursor(rows[-1].created_at, rows[-1].pk) if rows and has_older else None,
    )
