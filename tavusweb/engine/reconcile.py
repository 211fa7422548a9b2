"""An unsure submission: found at Tavus by the mark in its name, proven absent, or put before a person.

`absence` has the rules of the proof. The list is also looked at again after a submission was given up for lost: what
turns up late is told as an extra copy.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from tavusweb.keys.models import APIKey
from tavusweb.tavus import Reading, RemoteVideo, Tavus, TavusError, read_list
from tavusweb.tavus.assumptions import GLANCE_PAGES, LISTED_WITHIN, LONGEST_LIST, PAGE_SIZE
from tavusweb.videos import notices
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import AT_TAVUS, Status
from tavusweb.videos.naming import Mark, could_be_cut_from, folded

from .absence import PROOF_WITHIN, Doubt, Evidence, Finding, Step, decide
from .poll import record_error
from .submit import adopt

SEARCH_EVERY = timedelta(seconds=10)
ASKING_EVERY = timedelta(minutes=5)  # while a person is asked
READINGS = 3  # of a list that changes while it is read, in one search
RECHECKS = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))  # after the first, for copies that come late
WITNESSES_ASKED = 20  # of those that a reading lacked: singly, whether they are gone


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a reading showed of one video: its submissions at Tavus, and what the reading is worth as a proof."""

    sightings: list[RemoteVideo]
    evidence: Evidence
    missing: list[str] = field(default_factory=list)  # ids of witnesses that were not shown


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What one key is known to have at Tavus: each id, with the mark that its name ends with ("" if unknown)."""

    marks: dict[str, str]

    @classmethod
    def of(cls, key: APIKey) -> "Witnesses":
        """Load them before a reading begins, so that each was there when it did."""
        there = Video.objects.filter(api_key=key, status__in=AT_TAVUS | {Status.READY, Status.FAILED}, wants_delete="")
        if key.replaced_at:  # it may belong to another account since
            there = there.filter(submitted_at__gt=key.replaced_at)
        rows = there.exclude(tavus_id="").order_by().values_list("tavus_id", "pk", "attempt", "is_named_by_us")
        rows = rows[: LONGEST_LIST + 1]  # no list that could prove anything holds so many
        return cls({tavus_id: str(Mark.of(pk, attempt)) if named else "" for tavus_id, pk, attempt, named in rows})


class _Search:
    """One reading of a key's list, looked through for the submissions of some of its videos."""

    def __init__(self, videos: list[Video], witnesses: Witnesses, is_over: Callable[[], bool]) -> None:
        self.wanted = {video.mark_id: video for video in videos}
        self.witnesses = witnesses
        self.is_over = is_over
        self.began_at = timezone.now()
        self.found: dict[UUID, dict[str, RemoteVideo]] = defaultdict(dict)
        self.alike: dict[UUID, int] = defaultdict(int)
        self.unmarked = 0
        self.sent_names = sorted((folded(video.submission_name), video.pk) for video in videos)
        self.reading: Reading[RemoteVideo] = Reading()

    def take(self, items: list[RemoteVideo]) -> None:
        for remote in items:
            mark = Mark.read(remote.name)
            expected = self.witnesses.marks.get(remote.video_id)
            if expected is not None:
                self.unmarked += bool(expected) and not remote.name.endswith(expected)
            elif mark and (video := self.wanted.get(mark.video)):
                self._take_sighting(video, remote)
            elif mark is None:
                self._take_stranger(folded(remote.name))

    def _take_sighting(self, video: Video, remote: RemoteVideo) -> None:
        """A name of ours over another replica is a copied name, not our submission."""
        if remote.replica_id and video.replica_id and remote.replica_id != video.replica_id:
            self.alike[video.pk] += 1
        else:
            self.found[video.pk][remote.video_id] = remote

    def _take_stranger(self, name: str) -> None:
        for sent, pk in self.sent_names[bisect_left(self.sent_names, (name,)) :] if name else ():
            if not sent.startswith(name):
                break
            self.alike[pk] += could_be_cut_from(name, sent)

    def is_enough(self) -> bool:
        """Whether the reading may end here: all were found, or the key is to be left alone."""
        return len(self.found) == len(self.wanted) or self.is_over()

    def result(self, video: Video) -> SearchResult:
        missing = [tavus_id for tavus_id in self.witnesses.marks if tavus_id not in self.reading.ids]
        evidence = Evidence(
            began_at=self.began_at,
            listed=len(self.reading.ids),
            total=self.reading.total,
            is_whole=self.reading.is_whole,
            is_too_long=self.reading.is_too_long,
            witnesses=sum(bool(mark) for mark in self.witnesses.marks.values()),
            missing=len(missing),
            unmarked=self.unmarked,
            lookalikes=self.alike[video.pk],
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

    Only the first pages are read while it is too early for a proof. A list that changes meanwhile is read again.
    `is_over` breaks the reading off, which then proves nothing about what it has not found.
    """

    async def fetch(number: int) -> Any:
        return await tavus.list_videos(page=number, limit=PAGE_SIZE)

    for left in reversed(range(READINGS)):
        looking = _Search(videos, witnesses, is_over)
        pages = None if any(needs_proof(video, looking.began_at) for video in videos) else GLANCE_PAGES
        looking.reading = await read_list(fetch, take=looking.take, is_enough=looking.is_enough, pages=pages)
        if looking.reading.is_steady or looking.is_enough() or not left:
            break
    return {video.pk: looking.result(video) for video in videos}


def needs_proof(video: Video, at: datetime) -> bool:
    """Whether a whole reading is worth its requests: it may prove a submission absent, or find a late copy."""
    return not video.is_unsure or at >= submitted_at(video) + LISTED_WITHIN


def submitted_at(video: Video) -> datetime:
    return video.submitted_at or video.status_at


def record_search(video: Video, result: SearchResult) -> None:
    """Adopt what was found; else send again what is proven absent, ask a person, or go on looking."""
    sightings = _unknown(video, result.sightings)
    if not video.is_unsure:
        _record_late(video, sightings)
    elif sightings:
        _adopt_best(video, sightings)
    else:
        _record_absence(video, result)


def record_failed_search(video: Video, error: TavusError) -> None:
    """The list could not be read: look again, and ask a person when that has gone on for too long."""
    now = timezone.now()
    if not video.is_unsure:
        return  # its recheck is due again soon
    record_error(video, error)
    if not video.asks and now - video.status_at >= PROOF_WITHIN:
        _record_absence(video, SearchResult([], Evidence(began_at=now, listed=0, total=None, is_whole=False)))


def _unknown(video: Video, sightings: Iterable[RemoteVideo]) -> list[RemoteVideo]:
    """The sightings that no retry left behind, the one to follow first: alive before deleted, late before early."""
    known = set(video.copies.values_list("tavus_id", flat=True)) | {video.tavus_id}
    return sorted(
        (remote for remote in sightings if remote.video_id not in known),
        key=lambda remote: (not remote.is_deleted, not remote.is_failed, _attempt(remote)),
        reverse=True,
    )


def _attempt(remote: RemoteVideo) -> int:
    mark = Mark.read(remote.name)
    return mark.attempt if mark else 0


def _adopt_best(video: Video, sightings: list[RemoteVideo]) -> None:
    best, *others = sightings
    adopt(video, best, text="Found at Tavus")
    _record_extras(video, others)


def _record_late(video: Video, sightings: list[RemoteVideo]) -> None:
    """A submission that was given up for lost has turned up after all."""
    now = timezone.now()
    if sightings and video.status == Status.WAITING and video.claim():
        best, *sightings = sightings
        adopt(video, best, text="Found at Tavus before it was sent again")
    _record_extras(video, sightings)
    age = now - submitted_at(video)
    later = next((after for after in RECHECKS if age < after), None)
    Video.objects.filter(pk=video.pk).update(recheck_at=now + later if later else None)


def _record_extras(video: Video, sightings: Iterable[RemoteVideo]) -> None:
    for remote in sightings:
        if not remote.is_deleted:
            video.record_extra(remote.video_id, _attempt(remote))


def _record_absence(video: Video, result: SearchResult) -> None:
    now, evidence = timezone.now(), result.evidence
    doubt = Doubt(
        submitted_at=submitted_at(video),
        unsure_since=video.status_at,
        missing_since=video.missing_since,
        was_resent=video.resent_at is not None,
        process_deaths=video.process_deaths,
        is_asking=bool(video.asks),
    )
    decision = decide(doubt, evidence, at=now)
    if decision.step == Step.SEND_AGAIN:
        video.send_again(proof_in_words(evidence, first_at=video.missing_since))
        return
    changes: dict[str, Any] = {"search_report": report_of(evidence, doubt)}
    if decision.step == Step.CONFIRM:
        changes["missing_since"] = evidence.began_at
    if decision.ask and video.ask_a_person(decision.ask, said=proof_in_words(evidence)):
        notices.ask_to_resolve(Video.objects.select_related("workspace", "created_by").get(pk=video.pk))
    every = ASKING_EVERY if decision.ask or doubt.is_asking else SEARCH_EVERY
    held = Video.objects.filter(pk=video.pk, status=video.status, lease=video.lease)
    held.update(next_poll_at=now + every, polled_at=now, poll_failures=0, lease_until=None, **changes)
    if evidence.finding(doubt.submitted_at) == Finding.WITNESS_MISSING:
        _look_after_missing(video, result.missing)


def _look_after_missing(video: Video, missing: list[str]) -> None:
    """Ask singly for witnesses that the list lacked: what was deleted at Tavus is no witness any more."""
    ended = Video.objects.filter(api_key_id=video.api_key_id, status__in=[Status.READY, Status.FAILED])
    ended.filter(tavus_id__in=missing[:WITNESSES_ASKED], next_poll_at=None).update(next_poll_at=timezone.now())


def report_of(evidence: Evidence, doubt: Doubt) -> dict[str, Any]:
    """What a person is told of the last reading, as JSON."""
    return {
        "read_at": evidence.began_at.isoformat(),
        "listed": evidence.listed,
        "total": evidence.total,
        "witnesses": evidence.witnesses,
        "missing": evidence.missing,
        "finding": str(evidence.finding(doubt.submitted_at)),
    }


def proof_in_words(evidence: Evidence, *, first_at: datetime | None = None) -> str:
    """What was read, for the timeline."""
    counted = f"Tavus listed {evidence.listed} videos"
    told = "" if evidence.total is None else f" of {evidence.total}"
    known = f"{evidence.witnesses - evidence.missing} of {evidence.witnesses} known ones among them"
    checked = f"{counted}{told}, {known}."
    return f"{checked} Two complete readings did not contain this video." if first_at else checked
