"""Whatever the provider sends becomes a record or a TavusError. Seeded: every run sends the same answers."""

import asyncio
from dataclasses import fields
from datetime import UTC, datetime

import httpx
import pytest

from tavusweb.tavus import FailureCode, Page, RemoteReplica, RemoteVideo, Tavus, TavusError, parse_date
from tavusweb.tavus.errors import LONGEST_MESSAGE
from tavusweb.tavus.failure_codes import failure_code
from tavusweb.tavus.parsing import LONGEST_LINE, LONGEST_PROSE, LONGEST_URL
from tavusweb.tavus.text import LONGEST_TEXT, UNPRINTABLE, message_in, one_line
from tests.tavus.conftest import CALLS, KEY
from tests.tavus.hostile import Hostile

SEEDS, ANSWERS_PER_SEED = 20, 500


def is_fit(text: str, longest: int) -> bool:
    """Whether a text can be stored, logged and shown."""
    return len(text) <= longest and not UNPRINTABLE.search(text) and bool(text.encode() or True)


def check_record(record: RemoteVideo | RemoteReplica) -> None:
    for name in (field.name for field in fields(record)):
        held = getattr(record, name)
        match held:
            case str():
                assert is_fit(held, LONGEST_PROSE if name in {"name", "script"} else max(LONGEST_LINE, LONGEST_URL))
                assert not name.endswith("_url") or not held or held.lower().startswith(("https://", "http://"))
            case int():
                assert 0 <= held <= 100
            case datetime():
                assert held.tzinfo is UTC
            case _:
                assert held is None


def check_result(result: object) -> None:
    match result:
        case Page():
            assert result.total is None or result.total >= 0
            for item in result.items:
                check_record(item)
        case RemoteVideo() | RemoteReplica():
            check_record(result)
        case _:
            assert result is None


def check_error(error: TavusError) -> None:
    assert is_fit(error.message, LONGEST_MESSAGE)
    assert KEY not in str(error)
    assert error.retry_after is None or 0 <= error.retry_after <= 3600
    assert error.__cause__ is None


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(SEEDS))
def test_ten_thousand_hostile_responses_become_records_or_tavus_errors(seed):
    """All answers of all seeds together go to every method of the client."""
    hostile = Hostile(seed)
    made: dict[str, int] = dict.fromkeys(CALLS, 0)

    async def main():
        answer = None

        def send(request):
            return httpx.Response(answer.status_code, headers=answer.headers, stream=answer.stream)

        async with Tavus(base_url="https://t.example", api_key=KEY, transport=httpx.MockTransport(send)) as tavus:
            for _ in range(ANSWERS_PER_SEED):
                answer = hostile.answer()
                for name, call in CALLS.items():
                    try:
                        check_result(await call(tavus))
                        made[name] += 1
                    except TavusError as error:
                        check_error(error)

    asyncio.run(main())

    assert all(made.values()), "some of them are readable, or nothing was tried"


@pytest.mark.thorough
def test_ten_thousand_hostile_values_break_no_parser():
    hostile = Hostile(-1)
    for _ in range(10_000):
        value, text = hostile.json(), hostile.text()
        for record in (RemoteVideo, RemoteReplica):
            try:
                check_record(record.from_json(value))
            except ValueError as error:
                assert str(error) == "no id"  # noqa: PT017 - most values have one
        assert failure_code(text) in FailureCode
        assert parse_date(value) is None or value
        assert parse_date(text) is None or parse_date(text).tzinfo is UTC
        assert is_fit(one_line(text), LONGEST_TEXT)
        assert len(message_in(value)) <= LONGEST_TEXT


@pytest.mark.thorough
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 4_999_999,
        b'{"a":' * 999_999,
        b'{"video_id": "' + b"v" * 4_999_000 + b'"}',
        b'{"video_id": "v1", "video_name": "' + b"<a " * 1_600_000 + b'"}',
        b'{"video_id": "v1", "status_details": "' + b"<a " * 1_600_000 + b'"}',
        b'{"video_id": "v1", "generation_progress": "' + b" " * 4_900_000 + b'"}',
        b'{"video_id": "v1", "generation_progress": 1' + b"0" * 4_900_000 + b"}",
        b'{"video_id": "v1", "hosted_url": "https://' + b"a" * 4_900_000 + b'"}',
        b'{"video_id": "v1", "created_at": "' + b"Tue, " * 900_000 + b'"}',
        b'{"data": [' + b"{}," * 1_600_000 + b"{}]}",
        b'{"data": [' + b'{"video_id":"v1"},' * 250_000 + b"{}]}",
        b'{"error": [' + b'"x",' * 1_200_000 + b'"x"]}',
        b"<a " * 1_600_000,
        b"<!--" * 1_200_000,
        b"\xff" * 4_999_999,
    ],
    ids=range(15),
)
@pytest.mark.parametrize("status_code", [200, 500])
@pytest.mark.parametrize("call", ["create_video", "list_videos"])
def test_five_megabytes_of_anything_are_read_or_refused(answering, call, status_code, body):
    try:
        check_result(answering(status_code, content=body).run(call))
    except TavusError as error:
        check_error(error)
