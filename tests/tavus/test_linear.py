"""Twice the input costs at most 2.5 times the steps, in every reader. Steps are counted, not timed.

A step is a line of Python (any module's, not only ours) or a character handed to one of our patterns. What a pattern
does with a character is out of sight, so the last tests prove that it is bounded: no pattern repeats without an upper
limit, and the ways to match from one place are few. Methods of `str` and `bytes`, `json` and `zlib` are taken for
linear, and see 5 MB at most.
"""

import ast
import asyncio
import importlib
import json
import pkgutil
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tavusweb import tavus as package
from tavusweb.tavus import RemoteReplica, RemoteVideo, Tavus, TavusError, parse_date
from tavusweb.tavus.failure_codes import failure_code
from tavusweb.tavus.text import message_in, one_line, printable
from tests.tavus.conftest import CALLS, KEY
from tests.tavus.hostile import PIECES, Chunks

MODULES = [importlib.import_module(module.name) for module in pkgutil.iter_modules(package.__path__, "tavusweb.tavus.")]
MAX_WAYS = 20_000  # to go on matching from one character


class Counting:
    """A pattern that counts the characters it is given."""

    def __init__(self, pattern: re.Pattern[str], steps: "Steps") -> None:
        self.pattern, self.steps = pattern, steps

    def __getattr__(self, name: str):
        def call(*args):
            self.steps.count += sum(len(text) for text in args if isinstance(text, str))
            return getattr(self.pattern, name)(*args)

        return call


class Steps:
    """Counts what runs inside `with`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        for module in MODULES:
            for name, held in vars(module).items():
                if isinstance(held, re.Pattern | list) and name.isupper():
                    monkeypatch.setattr(module, name, self._counting(held))

    def _counting(self, held: object):
        match held:
            case re.Pattern():
                return Counting(held, self)
            case list() | tuple():
                return type(held)(self._counting(item) for item in held)
            case _:
                return held

    def _trace(self, frame, event, argument):
        self.count += 1
        return self._trace

    def __enter__(self) -> "Steps":
        self._before = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *error: object) -> None:
        sys.settrace(self._before)


def steps_of(read: Callable[[], object]) -> int:
    with pytest.MonkeyPatch.context() as monkeypatch:
        steps = Steps(monkeypatch)
        with steps:
            try:
                read()
            except (ValueError, TavusError):
                pass
        return steps.count


def assert_linear(read: Callable[[int], Callable[[], object]], sizes: tuple[int, ...]) -> None:
    for size in sizes:
        once, twice = steps_of(read(size)), steps_of(read(2 * size))
        assert twice <= 2.5 * once, f"{size} to {2 * size}: {once} to {twice} steps"


# --- Texts ----------------------------------------------------------------------------------------

READERS = {
    "one_line": one_line,
    "printable": printable,
    "failure_code": failure_code,
    "parse_date": parse_date,
    "a video": lambda text: RemoteVideo.from_json(dict.fromkeys(VIDEO_FIELDS, text) | {"video_id": "v1"}),
    "a replica": lambda text: RemoteReplica.from_json(dict.fromkeys(REPLICA_FIELDS, text) | {"replica_id": "r1"}),
    "an id": lambda text: RemoteVideo.from_json({"video_id": text}),
}
VIDEO_FIELDS = ["video_name", "status", "generation_progress", "hosted_url", "status_details", "created_at"]
REPLICA_FIELDS = ["replica_name", "replica_type", "training_progress", "thumbnail_image_url", "error_message"]


@pytest.mark.thorough
@pytest.mark.parametrize("before", ["", "audio <b>"])
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_twice_the_text_takes_at_most_twice_the_work(reader, before):
    for piece in PIECES:
        assert_linear(lambda size, piece=piece: lambda: reader(before + piece * size), (200, 20_000))


# --- Answers --------------------------------------------------------------------------------------

ANSWERS = {
    "markup": lambda size: b"<a " * size,
    "a title without end": lambda size: b"<title>" * size,
    "nesting": lambda size: b'{"error":' * size,
    "nested lists": lambda size: b"[" * size + b"]" * size,
    "many messages": lambda size: json.dumps({"error": ["x<a "] * size}).encode(),
    "many fields": lambda size: json.dumps({f"field{number}": "no" for number in range(size)}).encode(),
    "the same field again": lambda size: b'{"video_id": "v1"' + b', "video_id": "v1"' * size + b"}",
    "many videos": lambda size: json.dumps({"data": [{"video_id": "v1", "replica_id": "r1"}] * size}).encode(),
    "many odd things": lambda size: b'{"data": [' + b"{}, null, 1, " * size + b"[]]}",
    "digits": lambda size: b'{"total_count": ' + b"9" * size + b', "data": []}',
}


def ask(call: str, response: httpx.Response) -> None:
    async def main() -> None:
        transport = httpx.MockTransport(lambda request: response)
        async with Tavus(base_url="https://t.example", api_key=KEY, transport=transport) as tavus:
            await CALLS[call](tavus)

    asyncio.run(main())


@pytest.mark.thorough
@pytest.mark.parametrize("status_code", [200, 400])
@pytest.mark.parametrize("call", ["get_video", "list_videos", "list_replicas"])
@pytest.mark.parametrize("body", ANSWERS.values(), ids=ANSWERS)
def test_twice_the_response_takes_at_most_twice_the_work(body, call, status_code):
    def read(size: int) -> Callable[[], object]:
        response = httpx.Response(status_code, stream=Chunks(body(size)))
        return lambda: ask(call, response)

    assert_linear(read, (200, 20_000))  # on either side of the limit past which an error is not read as JSON


@pytest.mark.parametrize("coding", ["", "deflate"])
def test_twice_the_chunks_take_at_most_twice_the_work(coding):
    def read(size: int) -> Callable[[], object]:
        body = b'{"video_id": "v1"}' + b" " * size
        body = zlib.compress(body, 0) if coding else body
        chunks = Chunks(*(body[place : place + 1] for place in range(len(body))))
        response = httpx.Response(200, headers={"content-encoding": coding}, stream=chunks)
        return lambda: ask("get_video", response)

    assert_linear(read, (200, 1000))


@pytest.mark.thorough
def test_search_for_a_message_is_limited():
    def wide(width: int, depth: int) -> object:
        return [wide(width, depth - 1)] * width if depth else "x"

    assert steps_of(lambda: message_in(wide(40, 6))) == steps_of(lambda: message_in(wide(80, 6)))


# --- Patterns -------------------------------------------------------------------------------------


def patterns(held: object) -> Iterator[re.Pattern[str]]:
    match held:
        case re.Pattern():
            yield held
        case list() | tuple() | dict():
            for item in held.values() if isinstance(held, dict) else held:
                yield from patterns(item)


PATTERNS = sorted({pattern.pattern: pattern for module in MODULES for pattern in patterns(vars(module))}.items())


def ways(parsed: object) -> float:
    """An upper bound of the ways to match from one place; infinite with a repeat that has no limit."""
    total = 1.0
    for operation, argument in parsed:
        match str(operation):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, largest, repeated = argument
                if largest is re._constants.MAXREPEAT:
                    return float("inf")
                total *= sum(ways(repeated) ** times for times in range(least, largest + 1))
            case "BRANCH":
                total *= sum(ways(branch) for branch in argument[1])
            case "SUBPATTERN":
                total *= ways(argument[-1])
            case "ASSERT" | "ASSERT_NOT":
                total *= ways(argument[1])
            case "LITERAL" | "NOT_LITERAL" | "IN" | "ANY" | "AT" | "CATEGORY":
                pass
            case other:
                raise AssertionError(f"{other} is not understood")
    return total


def ways_of(pattern: str) -> float:
    return ways(re._parser.parse(pattern))


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in PATTERNS])
def test_no_pattern_has_many_ways_to_match_at_one_position(pattern):
    assert ways_of(pattern) <= MAX_WAYS


@pytest.mark.parametrize("pattern", ["a*", "x.*y", r"(\w{0,30}){0,30}", "(a|b{1,300}){3}", "a{0,200}a{0,200}b"])
def test_slow_pattern_is_detected(pattern):
    assert ways_of(pattern) > MAX_WAYS


def test_no_pattern_is_compiled_inside_a_function():
    for module in MODULES:
        tree = ast.parse(Path(module.__file__).read_text())
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re"
        }
        assert used <= {"compile", "Pattern", "IGNORECASE", "ASCII"}
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {"html.parser", "xml", "xml.etree.ElementTree"} & (imported | named)
