"""Keyset pagination: the last page is as fast as the first, and new rows shift nothing."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

PER_PAGE = 100
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Cursor:
    """A position between two rows, and the direction to read from it."""

    created_at: datetime
    pk: UUID
    is_newer: bool = False

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """Read the cursor from a URL; None if it is invalid."""
        try:
            side, moment, pk = base64.urlsafe_b64decode(text.encode()).decode().split(" ")
            # Converted to UTC, so that a date that no database can compare is rejected here.
            return cls(datetime.fromisoformat(moment).astimezone(UTC), UUID(pk), side == "newer")
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        text = f"{'newer' if self.is_newer else 'older'} {self.created_at.isoformat()} {self.pk}"
        return base64.urlsafe_b64encode(text.encode()).decode()


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    rows: list[Row]
    newer: Cursor | None
    older: Cursor | None


def page_of(queryset: QuerySet[Row], cursor: Cursor | None, *, size: int = PER_PAGE) -> KeysetPage[Row]:
    """Return `size` rows next to the cursor, newest first; the first page if none are beyond it.

    One query, of `size` + 1 rows.
    """
    if cursor is None:
        rows, more = _some(queryset.order_by("-created_at", "-id"), size)
        return _page(rows, has_newer=False, has_older=more)
    if cursor.is_newer:
        after = Q(created_at__gt=cursor.created_at) | Q(created_at=cursor.created_at, id__gt=cursor.pk)
        near = queryset.filter(after, created_at__gte=cursor.created_at)
        rows, more = _some(near.order_by("created_at", "id"), size)
        rows, has_newer, has_older = rows[::-1], more, True
    else:
        before = Q(created_at__lt=cursor.created_at) | Q(created_at=cursor.created_at, id__lt=cursor.pk)
        near = queryset.filter(before, created_at__lte=cursor.created_at)
        rows, more = _some(near.order_by("-created_at", "-id"), size)
        has_newer, has_older = True, more
    return _page(rows, has_newer=has_newer, has_older=has_older) if rows else page_of(queryset, None, size=size)


def _some(queryset: QuerySet[Row], size: int) -> tuple[list[Row], bool]:
    rows = list(queryset[: size + 1])
    return rows[:size], len(rows) > size


def _page(rows: list[Row], *, has_newer: bool, has_older: bool) -> KeysetPage[Row]:
    return KeysetPage(
        rows,
        _cursor(rows[0], is_newer=True) if rows and has_newer else None,
        _cursor(rows[-1]) if rows and has_older else None,
    )


def _cursor(row: Any, *, is_newer: bool = False) -> Cursor:
    return Cursor(row.created_at, row.pk, is_newer)
