"""What one reading of the list takes along, and what it leaves alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tavusweb.engine import claims
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

SOON = claims.SOON - timedelta(seconds=1)
LATER = claims.SOON + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("due_in", "fields", "is_taken"),
    [
        (timedelta(0), {}, True),
        (SOON, {}, True),
        (LATER, {}, False),
        (SOON, {"poll_failures": 1}, False),  # it backs off, perhaps because Tavus named a time
        (timedelta(0), {"poll_failures": 1}, True),
        (SOON, {"lease": "theirs", "lease_until": LATER}, False),
        (SOON, {"wants_delete": "soft"}, False),
    ],
)
def test_reading_the_list_includes_videos_due_soon(
    due_in: timedelta, fields: dict[str, Any], is_taken: bool, make_video: Any, key: APIKey
) -> None:
    now = timezone.now()
    moments = {name: now + value for name, value in fields.items() if isinstance(value, timedelta)}
    video = make_video(Status.GENERATING, next_poll_at=now + due_in, **(fields | moments))

    lease, number = claims.claim_all(claims.unwatched(Video.objects.filter(api_key=key), now), now)

    video.refresh_from_db()
    assert (number, video.lease == lease) == (int(is_taken), is_taken)


def test_extra_copies_to_delete_are_found_without_reading_videos(key: APIKey) -> None:
    plan = claims.copies_to_delete(timezone.now(), key.pk).explain()

    if connection.vendor == "sqlite":  # PostgreSQL reads an empty table without an index
        assert "USING INDEX copy_to_delete" in plan
        assert "videos_video" not in plan
