"""An unsure submission: found at Tavus by its unique name, or proven absent.

Undocumented at Tavus: how late an accepted video may enter the list, and the list's order (newest first is
assumed). So two bounds decide that a submission is absent, and both must be reached.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from tavusweb.tavus import Page, RemoteVideo, Tavus, Unclear

from ..life import Wait
from ..models import Video
from ..naming import mark_in
from .submission import adopt

SEARCH_EVERY = timedelta(seconds=10)
# How long: past every time-out on the way (ours is 10 s, a gateway's usually 60 s) with a margin.
SEARCH_FOR = timedelta(seconds=75)
# How far back: to videos older than the submission by more than two servers' clocks may differ.
CLOCKS_DIFFER_BY = timedelta(minutes=10)
ABOUT_THE_SAME = timedelta(seconds=5)  # a list's order may differ from its dates by so much
PAGE_TRIES, PAGE_PAUSE = 5, 0.2  # of one page whose answer gets lost, and seconds between them
MOST_PAGES = 100  # in one search; a key that made more in those minutes goes on searching and never sends again


@dataclass(frozen=True)
class Search:
    """What the list at Tavus showed: the video, or whether it was read back to before the submission."""

    found: RemoteVideo | None
    is_complete: bool


async def search(
    videos: list[Video], tavus: Tavus, *, is_over: Callable[[], bool] = lambda: False
) -> dict[UUID, Search]:
    """Look the unique names of one key's submissions up in its list at Tavus, in one reading. Raises TavusError.

    `is_over` breaks the reading off, which then proves nothing of what it has not found.
    """
    missing = {video.submission_mark: video for video in videos}
    since = min(video.submitted_at or video.created_at for video in videos) - CLOCKS_DIFFER_BY
    found: dict[UUID, Search] = {}
    reading = _Reading()
    is_complete = False
    for number in range(1, MOST_PAGES + 1):
        page = await _page(tavus, number)
        for remote in page.items:
            if video := missing.pop(mark_in(remote.name), None):
                found[video.pk] = Search(remote, is_complete=True)
        is_complete = reading.add(page, since)
        if is_complete or not missing or is_over():
            break
    absent = Search(None, is_complete=is_complete and not reading.skipped)
    return {video.pk: found.get(video.pk, absent) for video in videos}


async def _page(tavus: Tavus, number: int) -> Page[RemoteVideo]:
    """One page, asked for again when its answer got lost: else a long list would hardly ever be read to its end."""
    for _ in range(PAGE_TRIES - 1):
        try:
            return await tavus.list_videos(page=number, limit=100)
        except Unclear:
            await asyncio.sleep(PAGE_PAUSE)
    return await tavus.list_videos(page=number, limit=100)


class _Reading:
    """How far a list has been read. Age ends it only while the list is seen to be newest first.

    Between two pages videos may be made, which brings known ones back, or deleted, which hides unknown ones.
    """

    def __init__(self) -> None:
        self.skipped = 0  # items that could not be read or were hidden: one of them may be the video
        self.seen: set[str] = set()
        self.oldest: datetime | None = None
        self.is_newest_first = True
        self.total = 0

    def add(self, page: Page[RemoteVideo], since: datetime) -> bool:
        """Take a page in; True when nothing that was made after `since` can follow."""
        total = page.total or 0
        self.skipped += page.skipped + (total < self.total)
        self.total = max(total, self.total)
        fresh = [remote for remote in page.items if remote.video_id not in self.seen]
        self.seen.update(remote.video_id for remote in fresh)
        for remote in fresh:
            if remote.created_at:
                self.is_newest_first &= self.oldest is None or remote.created_at <= self.oldest + ABOUT_THE_SAME
                self.oldest = min(remote.created_at, self.oldest or remote.created_at)
        is_past = (
            self.is_newest_first
            and bool(fresh)
            and all(remote.created_at is not None and remote.created_at < since for remote in fresh)
        )
        return is_past or not page.items or (page.total is not None and len(self.seen) >= self.total)


def record_search(video: Video, search: Search) -> None:
    """Adopt what was found; send again what is proven absent; else go on looking."""
    now = timezone.now()
    if search.found:
        adopt(video, search.found, text="Found at Tavus")
    elif search.is_complete and now - (video.submitted_at or video.status_at) >= SEARCH_FOR:
        video.put_back(Wait.TURN, until=now, said="Tavus does not have it; it is sent again.")
    else:
        held = Video.objects.filter(pk=video.pk, status=video.status, lease=video.lease)
        held.update(next_poll_at=now + SEARCH_EVERY, polled_at=now, poll_failures=0, lease_until=None)
