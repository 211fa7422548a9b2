"""Search the video list at Tavus for submissions without a clear answer.

A submission is found by the mark in its name. What is not found is evidence, which `absence` judges.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from tavusweb.tavus import Reading, RemoteVideo, Tavus, read_list
from tavusweb.tavus.assumptions import GLANCE_PAGES, LISTED_WITHIN, PAGE_SIZE
from tavusweb.videos.models import Video
from tavusweb.videos.naming import (
    DEFAULT_NAME,
    Mark,
    could_be_cut_from,
    ends_with_mark,
    folded,
    is_name_of_others,
)

from .absence import Evidence
from .witnesses import Witnesses

READINGS = 3  # per search, for a list that changes while it is read
PAGES_OF_A_SHORT_LIST = 2  # the page with everything, and one with nothing new


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What one reading of the list says about a video: its submissions at Tavus, and the evidence of their absence."""

    sightings: list[RemoteVideo]
    evidence: Evidence
    missing: list[str] = field(default_factory=list)  # ids of witnesses that were not shown


class ListScan:
    """One reading of a key's list, scanned for the submissions of some of its videos."""

    def __init__(
        self,
        videos: list[Video],
        witnesses: Witnesses,
        is_over: Callable[[], bool],
        *,
        before: "ListScan | None" = None,
    ) -> None:
        self.videos = videos
        self.before = before
        self.wanted = {video.mark_id: video for video in videos}
        self.witnesses = witnesses
        self.known = witnesses.marks | witnesses.older
        self.is_over = is_over
        self.began_at = timezone.now()
        # Once found, always found, whatever a later reading shows.
        self.found: dict[UUID, dict[str, RemoteVideo]] = before.found if before else defaultdict(dict)
        self.alike: dict[UUID, int] = defaultdict(int)
        self.unmarked: set[str] = set(before.unmarked) if before else set()
        self.renamed: set[str] = set()
        self.marked: set[str] = set()  # although named without a mark: Tavus has not taken that name yet, or never will
        self.sent_names = sorted((folded(video.submission_name), video.pk) for video in videos)
        self.scripts: dict[str, list[Video]] = defaultdict(list)
        for video in videos:
            self.scripts[folded(video.script)].append(video)
        self.reading: Reading[RemoteVideo] = Reading()

    def take(self, items: list[RemoteVideo]) -> None:
        for remote in items:
            mark = Mark.read(remote.name)
            video = self.wanted.get(mark.video) if mark else None
            expected = self.known.get(remote.video_id)
            if expected is not None:
                self._take_witness(remote, expected)
                # Another video follows this id: a person may have resolved the wrong one.
                if video is not None and video.tavus_id != remote.video_id:
                    self.alike[video.pk] += 1
            elif remote.video_id in self.witnesses.copies:
                continue
            elif video is not None and mark is not None:
                # An earlier submission that was deleted there says nothing about the last one.
                if not remote.is_deleted or mark.attempt >= video.attempt:
                    self._take_sighting(video, remote)
            else:
                self._take_stranger(folded(remote.name))
                self._take_same_content(remote)

    def _take_witness(self, remote: RemoteVideo, expected: str) -> None:
        beginning = self.witnesses.unmarked.get(remote.video_id)
        if beginning and ends_with_mark(remote.name, beginning):
            self.marked.add(remote.video_id)
        if expected and not ends_with_mark(remote.name, expected):
            is_renamed = remote.video_id in self.witnesses.seen and is_name_of_others(remote.name, expected)
            (self.renamed if is_renamed else self.unmarked).add(remote.video_id)

    def _take_sighting(self, video: Video, remote: RemoteVideo) -> None:
        """Note a submission. Our name with a different replica is a copied name, not our submission."""
        if remote.replica_id and video.replica_id and remote.replica_id != video.replica_id:
            self.alike[video.pk] += 1
        else:
            self.found[video.pk][remote.video_id] = remote

    def _take_stranger(self, name: str) -> None:
        for sent, pk in self.sent_names[bisect_left(self.sent_names, (name,)) :] if name else ():
            if not sent.startswith(name):
                break
            self.alike[pk] += could_be_cut_from(name, sent)

    def _take_same_content(self, remote: RemoteVideo) -> None:
        """Note an unknown item with the same content as a video: it may be that video under another name."""
        has_content = bool(remote.script or remote.audio_url)
        if remote.script:
            candidates = self.scripts.get(folded(remote.script), [])
        elif remote.audio_url:
            candidates = [video for video in self.wanted.values() if not video.script]
        else:
            is_unnamed = not remote.name.strip() or remote.name.startswith(DEFAULT_NAME)
            candidates = list(self.wanted.values()) if is_unnamed else []
        for video in candidates:
            if not has_content or not remote.replica_id or remote.replica_id == video.replica_id:
                self.alike[video.pk] += 1

    def again(self) -> "ListScan":
        """The next reading of the same list."""
        return ListScan(self.videos, self.witnesses, self.is_over, before=self if self.reading.totals else None)

    def is_enough(self) -> bool:
        """Whether the reading can end: all were found, or the key must not be used any more."""
        return len(self.found) == len(self.wanted) or self.is_over()

    @property
    def is_confirmed(self) -> bool:
        """Whether nothing can have slipped from a page that was still to be read to one that was read already.

        That happens when an item of an earlier page goes. It was seen, and the next reading lacks it; so a reading of
        which the next one shows every item missed nothing. A single page is complete in itself, and so is what an
        earlier search has found absent like this.
        """
        if len(self.reading.totals) <= PAGES_OF_A_SHORT_LIST:
            return True
        if all(video.missing_since or video.pk in self.found for video in self.videos if video.is_unsure):
            return True
        before = self.before.reading if self.before else None
        return before is not None and before.is_whole and before.ids <= self.reading.ids

    def result(self, video: Video) -> SearchResult:
        witnesses = self.witnesses.of_account(self.reading.ids)
        missing = [tavus_id for tavus_id in witnesses if tavus_id not in self.reading.ids]
        evidence = Evidence(
            began_at=self.began_at,
            listed=len(self.reading.ids),
            total=self.reading.total,
            is_whole=self.reading.is_whole and self.is_confirmed,
            is_too_long=self.reading.is_too_long,
            witnesses=sum(
                tavus_id in self.marked or (bool(mark) and tavus_id not in self.renamed)
                for tavus_id, mark in witnesses.items()
            ),
            missing=len(missing),
            unmarked=len(self.unmarked),
            lookalikes=self.alike[video.pk] + (self.before.alike[video.pk] if self.before else 0),
        )
        return SearchResult(list(self.found[video.pk].values()), evidence, missing)


async def search(
    videos: list[Video],
    tavus: Tavus,
    witnesses: Witnesses,
    *,
    is_over: Callable[[], bool] = lambda: False,
) -> dict[UUID, SearchResult]:
    """Look up every submission of some videos in their key's list at Tavus. Raises TavusError.

    Only the first pages are read while it is too early for a proof. A list that changes meanwhile is read again, and so
    is one of several pages that seems to prove something: see `ListScan.is_confirmed`. `is_over` breaks the reading off, which
    then proves nothing about what it has not found.
    """

    async def fetch(number: int) -> Any:
        return await tavus.list_videos(page=number, limit=PAGE_SIZE)

    scan = ListScan(videos, witnesses, is_over)
    for _ in range(READINGS):
        scan = scan.again()
        pages = None if any(needs_proof(video, scan.began_at) for video in videos) else GLANCE_PAGES
        scan.reading = await read_list(fetch, take=scan.take, is_enough=scan.is_enough, pages=pages)
        if scan.is_enough() or pages or (scan.reading.is_steady and scan.is_confirmed):
            break
    return {video.pk: scan.result(video) for video in videos}


def needs_proof(video: Video, at: datetime) -> bool:
    """Whether a complete reading is worth its requests: it could prove absence or find a late copy."""
    return not video.is_unsure or at >= submitted_at(video) + LISTED_WITHIN


def submitted_at(video: Video) -> datetime:
    return video.submitted_at or video.status_at
