"""What rooms above have read along with a video's row, so that its page asks for nothing that is not there."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef
from django.db.models.expressions import RawSQL

from .models import Caption, Video, VideoQuerySet

_columns: dict[str, Callable[[], Exists]] = {
    "has_captions": lambda: Exists(Caption.objects.filter(video=OuterRef("pk")).order_by()),
}


def read_along(**columns: Callable[[], Exists]) -> None:
    """Register columns at startup, each by its name and a function that makes its condition, the same at any time."""
    _columns.update(columns)


def with_columns(videos: VideoQuerySet) -> VideoQuerySet:
    return videos.annotate(**_compiled(connection.vendor))


@cache
def _compiled(vendor: str) -> dict[str, RawSQL]:
    """Compile the conditions once: that takes longer than to answer them."""
    query = Video.objects.order_by().query
    compiler = query.get_compiler(connection=connection)
    query.get_initial_alias()
    parts = {name: compiler.compile(make().resolve_expression(query)) for name, make in _columns.items()}
    return {name: RawSQL(sql, params, BooleanField()) for name, (sql, params) in parts.items()}  # noqa: S611


def may_have(video: Any, name: str) -> bool:
    """Whether the column is true, or was not read."""
    return bool(getattr(video, name, True))
