"""Write the results of many polls in one statement. Unchanged rows are not written.

A claim already postpones a video's next poll, so an unchanged video is simply due again later. Only a video
that has changed or is watched is written and released.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tavusweb.tavus import RemoteVideo
from tavusweb.text_policy import cut
from tavusweb.videos.models import Video

SEEN = ("progress", "remote_status", "remote_details", "hosted_url", "thumbnail_url", "gif_url", "remote_updated_at")

# Only for rows still claimed and in the same status. A request by a person in the meantime keeps the row due.
STATEMENT = """
UPDATE {table} SET {seen}, poll_failures = 0, not_found_count = 0, polled_at = %s, lease_until = NULL,
    next_poll_at = CASE WHEN wants_delete <> '' OR wants_rename THEN %s ELSE %s END
WHERE id = %s AND status = %s AND lease = %s
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a poll returned about a video that is still rendering, and when to poll next."""

    pk: UUID
    status: str
    lease: str
    next_poll_at: datetime
    seen: dict[str, Any]

    @classmethod
    def of(cls, video: Video, remote: RemoteVideo, *, next_poll_at: datetime, is_watched: bool) -> "Reading | None":
        """None when nothing has changed and nobody is watching."""
        progress = video.progress if remote.progress is None else min(max(remote.progress, video.progress), 99)
        seen = {
            "progress": progress,
            "remote_status": remote.status[:60],
            "remote_details": cut(remote.error_details or remote.status_details, 2000),
            "hosted_url": remote.hosted_url or video.hosted_url,
            "thumbnail_url": remote.thumbnail_url or video.thumbnail_url,
            "gif_url": remote.gif_url or video.gif_url,
            "remote_updated_at": remote.updated_at or video.remote_updated_at,
        }
        has_failed = bool(video.poll_failures or video.not_found_count)
        is_same = not has_failed and all(getattr(video, name) == value for name, value in seen.items())
        return None if is_same and not is_watched else cls(video.pk, video.status, video.lease, next_poll_at, seen)


def write(readings: Iterable[Reading], *, at: datetime) -> None:
    seen = [(name, _for_database(name)) for name in SEEN]
    moment, pk = _for_database("polled_at"), _for_database("id")
    now = moment(at)
    rows = [
        [
            *(convert(reading.seen[name]) for name, convert in seen),
            now,
            now,
            moment(reading.next_poll_at),
            pk(reading.pk),
            reading.status,
            reading.lease,
        ]
        for reading in readings
    ]
    if not rows:
        return
    table = connection.ops.quote_name(Video._meta.db_table)
    sql = STATEMENT.format(table=table, seen=", ".join(f"{name} = %s" for name in SEEN))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _for_database(name: str) -> Callable[[Any], Any]:
    """The conversion of a field's values for a raw SQL statement."""
    field: Any = Video._meta.get_field(name)
    return lambda value: field.get_db_prep_value(value, connection)
