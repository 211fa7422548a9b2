"""The proof of absence as a table: what a reading shows, where the submission stands, and what is done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tavusweb.engine.absence import Decision, Evidence, Finding, Step, UnsureSubmission, decide
from tavusweb.videos.models.status import Ask

SUBMITTED = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return SUBMITTED + timedelta(seconds=seconds)


PROOF = Evidence(began_at=after(100), listed=9, total=9, is_whole=True, witnesses=3)
SUBMISSION = UnsureSubmission(submitted_at=SUBMITTED, unsure_since=after(2))
READ_BEFORE = replace(SUBMISSION, missing_since=after(88))

FINDINGS = [
    (PROOF, Finding.ABSENT),
    (replace(PROOF, began_at=after(74)), Finding.TOO_EARLY),
    (replace(PROOF, began_at=after(75)), Finding.ABSENT),
    (replace(PROOF, is_whole=False), Finding.INCOMPLETE),
    (replace(PROOF, is_whole=False, is_too_long=True), Finding.TOO_LONG),
    (replace(PROOF, witnesses=0), Finding.NO_WITNESS),
    (replace(PROOF, missing=1), Finding.WITNESS_MISSING),
    (replace(PROOF, unmarked=1), Finding.NAMES_CHANGED),
    (replace(PROOF, lookalikes=1), Finding.LOOKALIKE),
]
SEARCH_ON, CONFIRM, SEND = Decision(Step.SEARCH_ON), Decision(Step.CONFIRM), Decision(Step.SEND_AGAIN)
START_OVER = Decision(Step.START_OVER)
DECISIONS = [
    ("the first proof is confirmed after a pause", SUBMISSION, PROOF, CONFIRM),
    ("a second one within the pause does not count", READ_BEFORE, replace(PROOF, began_at=after(97)), SEARCH_ON),
    ("two readings send it again", READ_BEFORE, PROOF, SEND),
    ("once only", replace(READ_BEFORE, was_resent=True), PROOF, Decision(Step.ASK, Ask.ABSENT_AGAIN)),
    ("nor after two deaths", replace(READ_BEFORE, process_deaths=2), PROOF, Decision(Step.ASK, Ask.DIED_TWICE)),
    ("one death is no poison", replace(READ_BEFORE, process_deaths=1), PROOF, SEND),
    ("too early proves nothing", READ_BEFORE, replace(PROOF, began_at=after(60)), SEARCH_ON),
    ("no witness asks at once", SUBMISSION, replace(PROOF, witnesses=0), Decision(Step.ASK, Ask.NO_WITNESS)),
    ("too long a list asks at once", SUBMISSION, replace(PROOF, is_too_long=True), Decision(Step.ASK, Ask.TOO_LONG)),
    ("a list that breaks off says nothing", READ_BEFORE, replace(PROOF, is_whole=False), SEARCH_ON),
    ("a witness that is missing undoes the first proof", READ_BEFORE, replace(PROOF, missing=1), START_OVER),
    ("so does a changed name", READ_BEFORE, replace(PROOF, unmarked=1), START_OVER),
    ("so does a lookalike", READ_BEFORE, replace(PROOF, lookalikes=1), START_OVER),
    ("once asked, it is asked", replace(READ_BEFORE, is_asking=True), PROOF, SEARCH_ON),
]


@pytest.mark.parametrize(("evidence", "finding"), FINDINGS, ids=[str(finding) for _, finding in FINDINGS])
def test_finding_of_one_reading(evidence: Evidence, finding: Finding) -> None:
    assert evidence.finding(SUBMITTED) == finding


@pytest.mark.parametrize(
    ("submission", "evidence", "decision"), [row[1:] for row in DECISIONS], ids=[row[0] for row in DECISIONS]
)
def test_decision_about_a_finding(submission: UnsureSubmission, evidence: Evidence, decision: Decision) -> None:
    assert decide(submission, evidence, at=evidence.began_at) == decision


@pytest.mark.parametrize("finding", [each for each in FINDINGS if each[1] not in {Finding.ABSENT, Finding.TOO_EARLY}])
def test_person_is_asked_after_ten_minutes_without_proof(finding: tuple[Evidence, Finding]) -> None:
    evidence = replace(finding[0], began_at=after(610))

    assert decide(SUBMISSION, evidence, at=after(610)).step == Step.ASK


@pytest.mark.parametrize(("evidence", "finding"), FINDINGS, ids=[str(finding) for _, finding in FINDINGS])
def test_only_a_second_proof_sends_again(evidence: Evidence, finding: Finding) -> None:
    for submission in (
        SUBMISSION,
        READ_BEFORE,
        replace(READ_BEFORE, was_resent=True),
        replace(READ_BEFORE, is_asking=True),
    ):
        for seconds in (1, 100, 610, 86_400):
            step = decide(submission, evidence, at=after(seconds)).step
            assert step != Step.SEND_AGAIN or (submission == READ_BEFORE and finding == Finding.ABSENT)
