"""Decide whether a submission without a clear answer can be sent again. Pure, and tested as a table of cases.

A reading of the list at Tavus proves absence only when it can be checked against what is known to be there. Every
doubt costs time or a question to a person, never a second purchase.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tavusweb.tavus.assumptions import LISTED_WITHIN
from tavusweb.videos.models.status import Ask

PAUSE = timedelta(seconds=10)  # between the two readings that must agree
PROOF_WITHIN = timedelta(minutes=10)  # since the answer was lost; then a person is asked
DEATHS_OF_A_POISON_ROW = 2


class Finding(StrEnum):
    """What one reading of the list proves about a submission that it does not contain."""

    ABSENT = "absent"
    TOO_EARLY = "too_early"
    TOO_LONG = "too_long"
    INCOMPLETE = "incomplete"
    NO_WITNESS = "no_witness"
    WITNESS_MISSING = "witness_missing"
    NAMES_CHANGED = "names_changed"
    LOOKALIKE = "lookalike"


# A list with these findings can't be trusted, and neither can an earlier reading of it.
CONTRADICTIONS = {Finding.WITNESS_MISSING, Finding.NAMES_CHANGED, Finding.LOOKALIKE}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reading of the list, as far as it concerns a submission that was not in it.

    `witnesses` are the videos that the key is known to have at Tavus; `missing` of them were not shown, `unmarked` of
    them were shown under a name that no longer ends with its mark as we wrote it. `lookalikes` are items of nobody we
    know that may be this submission under a cut name.
    """

    began_at: datetime
    listed: int
    total: int | None
    is_whole: bool
    is_too_long: bool = False
    witnesses: int = 0
    missing: int = 0
    unmarked: int = 0
    lookalikes: int = 0

    def finding(self, submitted_at: datetime) -> Finding:
        if self.began_at < submitted_at + LISTED_WITHIN:
            return Finding.TOO_EARLY
        if self.is_too_long:
            return Finding.TOO_LONG
        if not self.is_whole:
            return Finding.INCOMPLETE
        if not self.witnesses:
            return Finding.NO_WITNESS
        if self.missing:
            return Finding.WITNESS_MISSING
        if self.unmarked:
            return Finding.NAMES_CHANGED
        return Finding.LOOKALIKE if self.lookalikes else Finding.ABSENT


@dataclass(frozen=True, slots=True)
class UnsureSubmission:
    """The state of an unsure submission."""

    submitted_at: datetime
    unsure_since: datetime
    missing_since: datetime | None = None  # when a first reading proved it absent
    was_resent: bool = False
    process_deaths: int = 0
    is_asking: bool = False
    is_of_other_secret: bool = False  # submitted before the key was replaced, possibly to another account


class Step(StrEnum):
    SEARCH_ON = "search_on"
    START_OVER = "start_over"  # keep searching, and discard an earlier proof
    CONFIRM = "confirm"  # absent for the first time; read again after a pause
    SEND_AGAIN = "send_again"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Decision:
    step: Step
    ask: Ask | None = None


def decide(submission: UnsureSubmission, evidence: Evidence, *, at: datetime) -> Decision:
    """Decide about a submission that a reading did not contain. Once a person is asked, only finding it ends that."""
    if submission.is_asking:
        return Decision(Step.SEARCH_ON)
    finding = evidence.finding(submission.submitted_at)
    if submission.is_of_other_secret and finding != Finding.TOO_EARLY:
        return Decision(Step.ASK, Ask.KEY_REPLACED)
    if finding == Finding.ABSENT:
        return _of_absent(submission, evidence)
    if finding == Finding.NO_WITNESS:
        return Decision(Step.ASK, Ask.NO_WITNESS)
    if finding == Finding.TOO_LONG:
        return Decision(Step.ASK, Ask.TOO_LONG)
    if at - submission.unsure_since >= PROOF_WITHIN:
        return Decision(Step.ASK, Ask.NO_PROOF)
    return Decision(Step.START_OVER if finding in CONTRADICTIONS else Step.SEARCH_ON)


def _of_absent(submission: UnsureSubmission, evidence: Evidence) -> Decision:
    if submission.missing_since is None:
        return Decision(Step.CONFIRM)
    if evidence.began_at - submission.missing_since < PAUSE:
        return Decision(Step.SEARCH_ON)
    if submission.process_deaths >= DEATHS_OF_A_POISON_ROW:
        return Decision(Step.ASK, Ask.DIED_TWICE)
    if submission.was_resent:
        return Decision(Step.ASK, Ask.ABSENT_AGAIN)
    return Decision(Step.SEND_AGAIN)
