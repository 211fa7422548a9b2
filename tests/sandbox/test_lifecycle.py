"""A video's state as a table, without a database or a clock."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.sandbox import replicas
from tavusweb.sandbox.lifecycle import course, longest, moment
from tavusweb.sandbox.scenarios import FAILURES, IN_QUEUE, STILL_TRAINING, SUCCESS

NINE = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@dataclass
class Asked:
    request: dict[str, Any]
    created_at: datetime = NINE
    deleted_at: datetime | None = None
    training_until: datetime | None = None
    replica_fails: bool = False


def asked(script: str = "Hello", **fields: Any) -> Asked:
    return Asked({"replica_id": replicas.STOCK[0].replica_id, "script": script} | fields)


def after(seconds: float, video: Asked) -> tuple[str, int]:
    at = moment(video, NINE + timedelta(seconds=seconds))
    return at.status, at.progress


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, ("queued", 0)),
        (2.9, ("queued", 0)),
        (3.1, ("generating", 0)),
        (11.6, ("generating", 50)),
        (19.9, ("generating", 99)),
        (20.1, ("ready", 100)),
        (2_000_000, ("ready", 100)),
    ],
)
def test_video_is_queued_then_generating_then_ready(seconds: float, expected: tuple[str, int]) -> None:
    assert after(seconds, asked()) == expected


@pytest.mark.parametrize(
    ("script", "seconds", "expected"),
    [
        ("[[slow]]", 29, ("queued", 0)),
        ("[[slow]]", 116, ("generating", 50)),
        ("[[slow]]", 201, ("ready", 100)),
        ("[[queue]]", 62, ("queued", 0)),
        ("[[queue]]", 72, ("generating", 52)),
        ("[[queue]]", 81, ("ready", 100)),
        ("[[slow]] [[queue]]", 89, ("queued", 0)),
        ("[[slow]]" * 1_000, 401, ("ready", 100)),
        ("[[odd]]", 11.6, ("transcoding", 50)),
        ("[[fail]]", 11.6, ("generating", 50)),
        ("[[fail]]", 20, ("error", 60)),
        ("Please [[FAIL]] now", 20, ("error", 60)),
        ("[[reject]]", 2, ("queued", 0)),
        ("[[reject]]", 4, ("error", 0)),
        ("[[nothing known]] [[xyz]]", 21, ("ready", 100)),
        ("a" * 4_000, 21, ("generating", 44)),
        ("a" * 400_000, 41, ("ready", 100)),
    ],
)
def test_script_words_change_the_course(script: str, seconds: float, expected: tuple[str, int]) -> None:
    assert after(seconds, asked(script)) == expected


@pytest.mark.parametrize("code", FAILURES)
def test_every_failure_in_the_table_can_be_requested(code: str) -> None:
    at = moment(asked(f"[[fail:{code}]]"), NINE + timedelta(seconds=20))

    assert at.status == "error"
    assert at.details == FAILURES[code]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"audio_url": "https://files.example/talk.mp3"}, ""),
        ({"audio_url": "https://files.example/talk.WAV?signature=x"}, ""),
        ({"audio_url": "https://files.example/audio/eyJhIjoxfQ:1tX:abc"}, ""),
        ({"audio_url": "https://files.example/talk.ogg"}, "audio_wrong_type"),
        ({"audio_url": "https://files.example/talk.html"}, "audio_wrong_type"),
        ({"audio_url": "https://nowhere.invalid/talk.mp3"}, "audio_unreachable"),
        ({"audio_url": "ftp://files.example/talk.mp3"}, "audio_unreachable"),
        ({"audio_url": "http://[half/talk.mp3"}, "audio_unreachable"),
        ({"audio_url": "https://files.example/[[fail:audio_too_short]].mp3"}, "audio_too_short"),
        ({"audio_url": "https://files.example/talk.mp3", "video_name": "[[reject]]"}, "script_rejected"),
        ({"script": "Hello", "fast": True, "background_url": "https://example.com"}, "generation_failed"),
        ({"script": "Hello", "replica_id": replicas.IN_ERROR.replica_id}, "replica_in_error"),
    ],
)
def test_faults_that_tavus_finds_late_are_found_late(fields: dict[str, Any], code: str) -> None:
    video = Asked({"replica_id": replicas.STOCK[0].replica_id} | fields)

    assert after(0, video) == ("queued", 0)
    at = moment(video, NINE + timedelta(seconds=30))
    assert (at.status, at.details) == (("error", FAILURES[code]) if code else ("ready", SUCCESS))


def test_videos_stay_queued_while_their_replica_trains() -> None:
    assert after(1_000_000, asked(replica_id=replicas.IN_TRAINING.replica_id)) == ("queued", 0)


def test_queued_video_says_what_it_is_waiting_for() -> None:
    in_training = asked(replica_id=replicas.IN_TRAINING.replica_id)

    assert moment(asked(), NINE).details == IN_QUEUE
    assert moment(in_training, NINE).details == STILL_TRAINING
    assert moment(asked(), NINE + timedelta(seconds=10)).details == ""


def test_video_starts_when_its_replica_finishes_training() -> None:
    waiting = replace(asked(replica_id="rnew"), training_until=NINE + timedelta(seconds=60))
    failing = replace(waiting, replica_fails=True)

    assert moment(waiting, NINE + timedelta(seconds=59)).details == STILL_TRAINING
    assert [after(seconds, waiting) for seconds in (62, 71.6, 81)] == [
        ("queued", 0),
        ("generating", 50),
        ("ready", 100),
    ]
    assert moment(failing, NINE + timedelta(seconds=64)).details == FAILURES["replica_in_error"]


@pytest.mark.parametrize("script", ["Hello", "[[fail]]", "[[reject]]", "[[slow]] [[queue]]", "a" * 5_000])
def test_end_time_is_known_when_a_video_is_created(script: str) -> None:
    video = asked(script)
    end = course(video).ends_at
    assert end is not None

    assert moment(video, end + timedelta(milliseconds=1)).is_final
    assert not moment(video, end - timedelta(milliseconds=1)).is_final
    assert course(asked(replica_id=replicas.IN_TRAINING.replica_id)).ends_at is None


def test_fast_render_takes_half_the_time() -> None:
    assert after(10.1, asked(fast=True)) == ("ready", 100)


def test_zero_render_time_makes_videos_ready_immediately(settings: Any) -> None:
    settings.SANDBOX_RENDER_SECONDS = 0

    assert after(0, asked()) == ("ready", 100)


@given(
    script=st.lists(st.sampled_from(["Hello ", "[[slow]]", "[[queue]]", "[[fail]]", "[[reject]]", "[[odd]]"])).map(
        "".join
    ),
    earlier=st.floats(0, 900),
    later=st.floats(0, 900),
)
def test_progress_never_goes_back(script: str, earlier: float, later: float) -> None:
    order = {"queued": 0, "generating": 1, "transcoding": 1, "error": 2, "ready": 2}
    earlier, later = sorted((earlier, later))
    video = asked(script)

    first = moment(video, NINE + timedelta(seconds=earlier))
    second = moment(video, NINE + timedelta(seconds=later))

    assert order[first.status] <= order[second.status]
    assert first.progress <= second.progress
    assert NINE <= first.since <= NINE + timedelta(seconds=earlier)
    assert first.since <= second.since


def test_every_video_finishes_within_the_longest_lifetime() -> None:
    assert moment(asked("a" * 9_000 + "[[slow]][[queue]]"), NINE + longest()).status == "ready"
