"""The words of the timeline: every kind has some, and data of any age breaks none."""

import pytest

from tavusweb.tavus import FailureCode
from tavusweb.videos.failure_advice import FailureReason, advice_on
from tavusweb.videos.models import EventKind
from tavusweb.videos.timeline import BY_PERSON, details, sentence

CASES = [
    (EventKind.GENERATED, {}, "Maria", "Created by Maria"),
    (EventKind.GENERATED, {}, "", "Created"),
    (EventKind.WAITING, {"wait": "turn"}, "", "Next in the queue."),
    (EventKind.WAITING, {"wait": "unheard of"}, "", "Waiting"),
    (EventKind.RENAMED, {"title": "100% new"}, "Maria", "Renamed to “100% new” by Maria"),
    (EventKind.DELETE_REQUESTED, {"mode": "hard"}, "Maria", "Permanent deletion requested by Maria"),
    ("unheard of", {}, "Maria", "unheard of"),
]


@pytest.mark.parametrize(("kind", "data", "name", "expected"), CASES)
def test_sentence_of_an_event(kind: str, data: dict[str, str], name: str, expected: str) -> None:
    assert sentence(kind, data, name=name) == expected


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_has_a_sentence_without_and_with_a_name(kind: EventKind) -> None:
    assert sentence(kind, {})
    assert ("100% Maria" in sentence(kind, {}, name="100% Maria")) is (kind in {*BY_PERSON, EventKind.RENAMED})


def test_details_of_a_question_name_its_reason_and_what_was_read() -> None:
    lines = details({"ask": "no_witness", "listed": 8, "total": 9, "witnesses": 3, "missing": 1})

    assert lines[0].startswith("This API key has no other videos")
    assert lines[1] == "Tavus listed 8 of 9 videos, including 2 of 3 known."
    assert details({"listed": 1, "total": None}) == ["Tavus listed 1 video, including 0 of 0 known."]


def test_every_reason_to_fail_has_advice() -> None:
    assert {code.value for code in FailureCode} | {"refused"} == set(FailureReason.values)
    assert advice_on("unheard of") == advice_on("unknown")
