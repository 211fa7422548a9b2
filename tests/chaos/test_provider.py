"""The provider of the fault programme keeps the contract when it is calm, and breaks it as it says when it is not."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tavusweb.tavus import (
    InvalidRequest,
    NotFound,
    NotRecognised,
    OutOfCredits,
    RateLimited,
    SlotsFull,
    Tavus,
    TavusError,
    Unclear,
    VideoRequest,
    new_transport,
)
from tests.chaos.account import Account
from tests.chaos.behaviours import AS_DOCUMENTED, Behaviour
from tests.chaos.callbacks import Callbacks
from tests.chaos.faults import SUBMIT, Fault, Mix
from tests.chaos.ledger import Ledger
from tests.chaos.provider import Log, Provider

KEY = "chaos-key-first-1111"
REQUEST = VideoRequest(replica_id="r1", script="Hello", name="Welcome")


class Fixed(Mix):
    """One fault, every time."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(seed=1)
        self.fault = fault
        self.is_calm = fault == Fault.NONE

    def draw(self, request: object) -> Fault:
        return self.fault


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., object]:
    """`ask(fault, question)`: what a question to Tavus comes to, and how many videos were bought by it."""

    @asynccontextmanager
    async def serving(
        mix: Mix, slots: int, refused: tuple[int, str] | None, behaviour: Behaviour
    ) -> AsyncIterator[str]:
        log = Log(tmp_path / "log.jsonl")
        account = Account("1111", mix, slots=slots, behaviour=behaviour)
        account.refused = refused
        provider = Provider({KEY: account}, mix, Callbacks(mix, "", log.write), log)
        server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def ask(fault, question, *, slots=5, key=KEY, refused=None, behaviour=AS_DOCUMENTED):
        async with serving(Fixed(fault), slots, refused, behaviour) as url, new_transport(5) as pool:
            tavus = Tavus(base_url=url, api_key=key, transport=pool, timeout=2)
            try:
                return await question(tavus)
            except TavusError as error:
                return error

    return lambda *args, **options: asyncio.run(ask(*args, **options))


@pytest.fixture
def bought(tmp_path: Path) -> Callable[[], int]:
    return lambda: sum(
        json.loads(line)["event"] == "accepted" for line in (tmp_path / "log.jsonl").read_text().splitlines()
    )


async def submit(tavus: Tavus) -> object:
    return await tavus.create_video(REQUEST)


def test_calm_it_takes_a_video_and_shows_it(ask, bought) -> None:
    async def buy_and_look(tavus: Tavus) -> object:
        video = await tavus.create_video(REQUEST)
        assert (await tavus.get_video(video.video_id)).name == "Welcome"
        return await tavus.list_videos()

    page = ask(Fault.NONE, buy_and_look)

    assert [remote.name for remote in page.items] == ["Welcome"]
    assert page.total == 1
    assert bought() == 1


@pytest.mark.parametrize(
    ("fault", "outcome", "purchases"),
    [
        (Fault.ACCEPTED_SILENCE, Unclear, 1),
        (Fault.ACCEPTED_RESET, Unclear, 1),
        (Fault.ACCEPTED_500, Unclear, 1),
        (Fault.ACCEPTED_TRUNCATED, Unclear, 1),
        (Fault.RESET_BEFORE, Unclear, 0),
        (Fault.RESET_AFTER, Unclear, 0),
        (Fault.HTML_502, Unclear, 0),
        (Fault.RATE_LIMITED, RateLimited, 0),
        (Fault.RATE_LIMITED_DATE, RateLimited, 0),
    ],
)
def test_each_fault_of_a_submission_is_what_it_says(ask, bought, fault, outcome, purchases) -> None:
    answer = ask(fault, submit)

    assert type(answer) is outcome
    assert bought() == purchases


def test_both_forms_of_retry_after_can_be_read(ask) -> None:
    for fault in (Fault.RATE_LIMITED, Fault.RATE_LIMITED_DATE):
        assert 0 <= ask(fault, submit).retry_after <= 3


def test_every_fault_of_a_submission_is_drawn() -> None:
    assert set(SUBMIT) == set(Fault) - {Fault.NONE, Fault.TRUNCATED, Fault.UNKNOWN_STATUS}


def test_its_slots_are_limited(ask, bought) -> None:
    async def buy_two(tavus: Tavus) -> object:
        await submit(tavus)
        return await submit(tavus)

    assert type(ask(Fault.NONE, buy_two, slots=1)) is SlotsFull
    assert bought() == 1


def test_a_page_of_its_list_is_never_longer_than_ten(ask) -> None:
    async def buy_many(tavus: Tavus) -> object:
        for _ in range(12):
            await submit(tavus)
        return await tavus.list_videos(limit=100)

    page = ask(Fault.NONE, buy_many, slots=20)

    assert (len(page.items), page.total) == (10, 12)


def test_a_page_that_its_list_does_not_have_is_refused(ask) -> None:
    async def look(tavus: Tavus) -> object:
        return await tavus.list_videos(page=0)

    assert type(ask(Fault.NONE, look, behaviour=Behaviour("from 1", first_page=1))) is InvalidRequest


def test_a_new_id_is_refused_while_it_is_unknown(ask, bought) -> None:
    async def buy_and_look(tavus: Tavus) -> object:
        video = await tavus.create_video(REQUEST)
        return await tavus.get_video(video.video_id)

    assert type(ask(Fault.NONE, buy_and_look, behaviour=Behaviour("unknown", unknown_for=60))) is NotFound
    assert bought() == 1


def test_an_answer_about_another_video_is_one_purchase_all_the_same(ask, bought) -> None:
    async def buy_two(tavus: Tavus) -> object:
        first, second = await tavus.create_video(REQUEST), await tavus.create_video(REQUEST)
        return first.video_id == second.video_id

    assert ask(Fault.NONE, buy_two, behaviour=Behaviour("another", answers_another=1.0)) is True
    assert bought() == 2


def test_a_purchase_is_logged_with_the_script_and_not_only_the_name(ask, tmp_path: Path) -> None:
    ask(Fault.NONE, submit, behaviour=Behaviour("nameless", named=lambda name: ""))

    [purchase] = Ledger.read(tmp_path / "log.jsonl").purchases
    assert purchase.script == REQUEST.script


def test_a_strange_key_and_an_account_in_trouble_are_refused(ask, bought) -> None:
    assert type(ask(Fault.NONE, submit, key="another-key-000000")) is NotRecognised
    assert type(ask(Fault.NONE, submit, refused=(402, "Out of credits"))) is OutOfCredits
    assert bought() == 0
