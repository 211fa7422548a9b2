"""Poll one key's videos: the list endpoint when many are due, single GETs for a few or for watched ones."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterable
from math import ceil
from uuid import UUID

from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.tavus import Page, RemoteVideo, Tavus, TavusError
from tavusweb.tavus.assumptions import FIRST_PAGE, PAGE_SIZE
from tavusweb.videos.models import Video, VideoQuerySet
from tavusweb.videos.models.status import Status

from . import claims, poll_answers
from .bulk_update import Reading, write
from .db import in_thread
from .quarantine import record_safely


class PollQueue:
    """The queue of videos to poll. A task that finds few left claims more while the others continue.

    `claim` returns up to `limit` videos; fewer than that are the last ones.
    """

    def __init__(
        self, videos: Iterable[Video] = (), *, claim: Callable[[], list[Video]] | None = None, limit: int = 0
    ) -> None:
        self.videos = deque(videos)
        self.claim = claim
        self.limit = limit
        self.claiming = asyncio.Lock()

    async def next(self) -> Video | None:
        if not self.videos or (len(self.videos) < self.limit // 2 and not self.claiming.locked()):
            async with self.claiming:
                await self._top_up()
        return self.videos.popleft() if self.videos else None

    async def _top_up(self) -> None:
        if self.claim is None or len(self.videos) >= self.limit // 2:
            return
        claimed = await in_thread(self.claim)()
        self.videos.extend(claimed)
        if len(claimed) < self.limit:
            self.claim = None


LIST_FROM = 20  # due videos from which on the list is used
PAGES_AT_ONCE = 8  # each can take several hundred kilobytes
WRITE_FROM = 100  # results written together
CLAIMED_AHEAD = 3  # rounds of requests claimed in one statement

PollResult = RemoteVideo | TavusError | None


class KeyPoller:
    """Poll one key's due videos within its limits, until `is_over()`."""

    def __init__(self, key: APIKey, tavus: Tavus, *, may_list: bool, is_over: Callable[[], bool]) -> None:
        self.key = key
        self.tavus = tavus
        self.may_list = may_list
        self.is_over = is_over
        self.readings: list[Reading] = []
        self.has_answer = False

    async def run(self) -> None:
        if self.is_over():
            return
        began_at = timezone.now()
        if self.may_list and await in_thread(self._are_many)():
            await self._read_list()
        await self._ask_all(PollQueue(claim=self._claim, limit=self._batch))
        if self.has_answer:
            await in_thread(self.key.record_success)(asked_at=began_at)

    # Single GETs.

    async def _ask_all(self, queue: PollQueue) -> None:
        async def work() -> None:
            while not self.is_over() and (video := await queue.next()):
                await self._take(video, await poll_answers.ask(video, self.tavus))

        await asyncio.gather(*(work() for _ in range(self.key.requests_at_once)))
        await self._flush()

    async def _take(self, video: Video, answer: PollResult) -> None:
        self.has_answer |= not isinstance(answer, TavusError)
        if isinstance(answer, RemoteVideo) and poll_answers.is_still_rendering(video, answer):
            self._keep(poll_answers.reading_of(video, answer))
            if len(self.readings) >= WRITE_FROM:
                await self._flush()
            return
        await record_safely(poll_answers.record, video, answer)

    def _keep(self, reading: Reading | None) -> None:
        if reading:
            self.readings.append(reading)

    async def _flush(self) -> None:
        readings, self.readings = self.readings, []
        if readings:
            await in_thread(write)(readings, at=timezone.now())

    # The list endpoint.

    async def _read_list(self) -> None:
        """Compare the due videos with the list, page by page, until all were seen or the list ends.

        What has ended is asked for singly. So is what the list does not show, which it may not do for good: a list can
        break off, or leave something out.
        """
        first = await self._first_page()  # before anything is claimed; it contains the total
        if not first.items:
            self.may_list = False
            return
        pages, is_repeated = [first], False
        lease, claimed = await in_thread(self._claim_all)()
        seen: set[UUID] = set()
        listed: set[str] = set()
        read = 0
        while pages:
            ended: list[Video] = []
            for page in pages:
                shown, over = await in_thread(self._compare)(lease, page.items)
                seen |= shown
                ended += over
            await self._flush()
            await self._ask_all(PollQueue(await in_thread(self._claim_watched)() + ended))
            read += len(pages)
            fresh = {item.video_id for page in pages for item in page.items} - listed
            listed |= fresh
            is_done = self.is_over() or len(seen) >= claimed or (not fresh and read > 1 + is_repeated)
            left = 0 if is_done else self._pages_left(pages[0], read=read - is_repeated)
            ahead = range(min(self.key.requests_at_once, PAGES_AT_ONCE, left))
            pages = await asyncio.gather(*(self._page(first.page + read + more) for more in ahead))
            # A list numbered from 1 may return page 1 for page 0.
            is_repeated |= read == 1 and bool(pages) and pages[0].items == first.items
        if len(seen) < claimed and not self.is_over():
            unseen = await in_thread(self._unseen)(lease, seen)
            await self._ask_all(PollQueue(claim=lambda: self._load(lease, unseen), limit=self._batch))

    @staticmethod
    def _pages_left(page: Page[RemoteVideo], *, read: int) -> int:
        """How many pages follow, given the actual page size, which may be smaller than requested."""
        if not page.items:
            return 0
        return 1 if page.total is None else max(ceil(page.total / len(page.items)) - read, 0)

    async def _first_page(self) -> Page[RemoteVideo]:
        """The first page in either numbering: page 0 may be rejected or empty."""
        page = await self._page(FIRST_PAGE)
        return page if page.items or self.is_over() else await self._page(FIRST_PAGE + 1)

    async def _page(self, number: int) -> Page[RemoteVideo]:
        try:
            page = await self.tavus.list_videos(page=number, limit=PAGE_SIZE)
        except TavusError as error:
            if poll_answers.rests_the_key(error):
                await in_thread(poll_answers.rest)(self.key, error)
            return Page(items=(), total=None, page=number)
        self.has_answer = True
        return page

    def _compare(self, lease: str, items: tuple[RemoteVideo, ...]) -> tuple[set[UUID], list[Video]]:
        """Process one page of the list: which of our videos it contains, and which are no longer rendering."""
        by_id = {remote.video_id: remote for remote in items}
        rows = Video.objects.filter(lease=lease, tavus_id__in=by_id).only(*claims.POLLED)
        ended, seen = [], set()
        for video in rows:
            video.api_key = self.key
            remote = by_id[video.tavus_id]
            seen.add(video.pk)
            if poll_answers.is_still_rendering(video, remote):
                self._keep(poll_answers.reading_of(video, remote))
            else:
                ended.append(video)
        return seen, ended

    def _unseen(self, lease: str, seen: set[UUID]) -> list[UUID]:
        """The claimed videos missing from the list, shuffled, so that others are left out when time is short."""
        claimed = Video.objects.filter(lease=lease).values_list("pk", flat=True)
        unseen = [pk for pk in claimed if pk not in seen]
        random.shuffle(unseen)
        return unseen

    def _load(self, lease: str, ids: list[UUID]) -> list[Video]:
        """Load some videos from the list of ids."""
        some = [ids.pop() for _ in range(min(len(ids), self._batch))]
        videos = list(Video.objects.filter(lease=lease, pk__in=some).only(*claims.POLLED))
        for video in videos:
            video.api_key = self.key
        return videos

    # Due videos.

    def _due(self) -> VideoQuerySet:
        return Video.objects.due(timezone.now()).filter(api_key=self.key).exclude(status=Status.UNSURE)

    def _are_many(self) -> bool:
        many = claims.unwatched(self._due(), timezone.now())
        return len(many.order_by().values_list("pk")[: LIST_FROM + 1]) > LIST_FROM

    def _claim(self) -> list[Video]:
        """Claim watched videos first. If many others have become due, leave them to the next reading of the list."""
        watched = self._claim_watched()
        rest = self._batch - len(watched)
        if not rest or (self.may_list and self._are_many()):
            return watched
        return watched + claims.claim(self._due(), self.key, timezone.now(), limit=rest)

    def _claim_watched(self) -> list[Video]:
        now = timezone.now()
        return claims.claim(self._due().watched(now), self.key, now, limit=self._batch)

    @property
    def _batch(self) -> int:
        return self.key.requests_at_once * CLAIMED_AHEAD

    def _claim_all(self) -> tuple[str, int]:
        now = timezone.now()
        return claims.claim_all(claims.unwatched(Video.objects.filter(api_key=self.key), now), now)
