"""Settle an unsure submission: adopt what was found at Tavus, send again what is proven absent, or ask a person.

`search` reads the list and `absence` has the rules of the proof. The list is also searched after a submission was
given up for lost: one that turns up late is recorded as an extra copy.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tavusweb.tavus import TavusError
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Ask, Status

from .absence import PROOF_WITHIN, Evidence, Finding, Step, UnsureSubmission, decide
from .adoption import follow, unfollowed
from .poll_answers import record_error, rest, rests_the_key
from .search import SearchResult, submitted_at

SEARCH_EVERY = timedelta(seconds=10)
ASKING_EVERY = timedelta(minutes=5)  # while a person is asked
RECHECKS = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))  # after the first, for late copies
RECHECKED_FOR = timedelta(days=2)  # when the list cannot be read
AT_ONCE = 100  # overdue videos
WITNESSES_ASKED = 20  # missing witnesses looked up by id per reading


def record_search(video: Video, result: SearchResult) -> None:
    """Adopt what was found; otherwise send again what is proven absent, ask a person, or keep searching."""
    if not video.is_unsure:
        follow(video, result.sightings)  # a submission given up as lost has turned up
        _schedule_recheck(video)
    elif unfollowed(video, result.sightings):
        follow(video, result.sightings)
    else:
        _record_absence(video, result)


def record_failed_search(video: Video, error: TavusError) -> None:
    """Postpone the search when the list could not be read; ask a person when that lasts too long."""
    now = timezone.now()
    if not video.is_unsure:
        _record_failed_recheck(video, error)
        return
    record_error(video, error)
    if not video.asks and now - video.status_at >= PROOF_WITHIN:
        _record_absence(video, SearchResult([], Evidence(began_at=now, listed=0, total=None, is_whole=False)))


def _record_failed_recheck(video: Video, error: TavusError) -> None:
    """Let a search for a late submission be: it is due again soon, but not for ever, since it keeps an old secret."""
    if rests_the_key(error) and video.api_key:
        rest(video.api_key, error)
    if timezone.now() - submitted_at(video) > RECHECKED_FOR:
        Video.objects.filter(pk=video.pk).update(recheck_at=None)


def _schedule_recheck(video: Video) -> None:
    now = timezone.now()
    later = next((after for after in RECHECKS if now - submitted_at(video) < after), None)
    Video.objects.filter(pk=video.pk).update(recheck_at=now + later if later else None)


def _record_absence(video: Video, result: SearchResult) -> None:
    now, evidence = timezone.now(), result.evidence
    submission = UnsureSubmission(
        submitted_at=submitted_at(video),
        unsure_since=video.status_at,
        missing_since=video.missing_since,
        was_resent=video.resent_at is not None,
        process_deaths=video.process_deaths,
        is_asking=bool(video.asks),
        is_of_other_secret=video.is_from_before_replacement,
    )
    decision = decide(submission, evidence, at=now)
    if decision.step == Step.SEND_AGAIN:
        video.send_again(report_of(evidence, submission))
        return
    answered = {name: video.search_report[name] for name in ["answered_id"] if name in video.search_report}
    changes: dict[str, Any] = {"search_report": report_of(evidence, submission) | answered}
    if decision.step == Step.CONFIRM:
        changes["missing_since"] = now  # the end of the first reading, where the pause begins
    elif decision.step == Step.START_OVER:
        changes["missing_since"] = None
    if decision.ask:
        video.ask_a_person(decision.ask, report=report_of(evidence, submission))
    every = ASKING_EVERY if decision.ask or submission.is_asking else SEARCH_EVERY
    held = Video.objects.filter(pk=video.pk, status=video.status, lease=video.lease)
    held.update(next_poll_at=now + every, polled_at=now, poll_failures=0, lease_until=None, **changes)
    if evidence.finding(submission.submitted_at) == Finding.WITNESS_MISSING:
        _look_after_missing(video, result.missing)


def ask_about_overdue() -> int:
    """Ask about videos that are unsure for too long without a reading: a resting key is not searched."""
    overdue = Video.objects.filter(
        next_poll_at__isnull=False, status=Status.UNSURE, asks="", status_at__lt=timezone.now() - PROOF_WITHIN
    )
    asked = 0
    for video in overdue[:AT_ONCE]:
        asked += video.ask_a_person(Ask.NO_PROOF, report={})
    return asked


def _look_after_missing(video: Video, missing: list[str]) -> None:
    """Look up missing witnesses by id: a video deleted at Tavus is no longer a witness."""
    ended = Video.objects.filter(api_key_id=video.api_key_id, status__in=[Status.READY, Status.FAILED])
    ended.filter(tavus_id__in=missing[:WITNESSES_ASKED], next_poll_at=None).update(next_poll_at=timezone.now())


def report_of(evidence: Evidence, submission: UnsureSubmission) -> dict[str, Any]:
    """The last reading as JSON, for the page and the timeline."""
    return {
        "read_at": evidence.began_at.isoformat(),
        "listed": evidence.listed,
        "total": evidence.total,
        "witnesses": evidence.witnesses,
        "missing": evidence.missing,
        "finding": str(evidence.finding(submission.submitted_at)),
    }
