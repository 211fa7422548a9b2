"""Each provider of the fault programme is what its name says, and no two are alike."""

from typing import Any

import pytest

from tests.chaos.account import Account
from tests.chaos.behaviours import AS_DOCUMENTED, CUT_TO, OWN_SIZE, TABLE, Behaviour, draw
from tests.chaos.faults import Mix

BOUGHT = 25
NAME = "A welcome from Ada and everybody else in the northern office, and a mark"
BY_NAME = {behaviour.name: behaviour for behaviour in TABLE}


def account(behaviour: Behaviour, *, bought: int = BOUGHT) -> Account:
    mix = Mix(seed=1)
    mix.calm()
    made = Account("1001", mix, slots=100, behaviour=behaviour)
    for _ in range(bought):
        made.accept({"video_name": NAME})
    return made


def read(made: Account, *, limit: int = 100) -> list[dict[str, Any]]:
    """Every page, until two in a row hold nothing that is new."""
    items: list[dict[str, Any]] = []
    barren, number = 0, made.behaviour.first_page
    while barren < 2:
        page = made.listing(number, limit)
        assert page is not None
        fresh = [item for item in page["data"] if item not in items]
        items += fresh
        barren = 0 if fresh else barren + 1
        number += 1
    return items


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["video_id"] for item in items]


def test_the_same_seed_draws_the_same_and_one_is_always_as_documented() -> None:
    assert draw(7, 12) == draw(7, 12)
    assert draw(7, 12) != draw(8, 12)
    assert draw(7, 12)[0] is AS_DOCUMENTED
    assert len(set(draw(7, 12))) == 12


def test_as_documented_it_lists_the_newest_first_in_pages_from_0() -> None:
    made = account(AS_DOCUMENTED)

    assert ids(read(made)) == list(reversed(made.videos))
    assert (made.listing(0, 100) or {})["total_count"] == BOUGHT
    assert len((made.listing(None, 100) or {})["data"]) == OWN_SIZE


@pytest.mark.parametrize("behaviour", [each for each in TABLE if each.can_prove and not each.leaves_out], ids=str)
def test_a_list_that_can_prove_shows_everything_and_counts_it(behaviour: Behaviour) -> None:
    made = account(behaviour)

    assert set(ids(read(made))) == set(made.videos)
    assert (made.listing(behaviour.first_page, 100) or {})["total_count"] == BOUGHT


def test_a_page_0_before_a_list_from_1_is_refused_repeated_or_empty() -> None:
    refused, repeated, empty = (
        account(BY_NAME[f"pages from 1, page 0 {how}"]) for how in ("refused", "repeats page 1", "empty")
    )

    assert refused.listing(0, 10) is None
    assert repeated.listing(0, 10) == repeated.listing(1, 10)
    assert (empty.listing(0, 10) or {})["data"] == []


@pytest.mark.parametrize(
    ("name", "size"), [("pages of one", 1), ("pages of a hundred", 25), ("limit ignored", 25), ("paging ignored", 25)]
)
def test_pages_are_of_the_size_that_is_said(name: str, size: int) -> None:
    assert len((account(BY_NAME[name]).listing(0, 100) or {})["data"]) == size


@pytest.mark.parametrize(
    ("name", "total"), [("total null", None), ("total a string", "25"), ("total zero", 0), ("total too small", 24)]
)
def test_totals_are_wrong_as_said(name: str, total: object) -> None:
    assert (account(BY_NAME[name]).listing(0, 10) or {})["total_count"] == total


def test_a_missing_total_is_not_in_the_answer() -> None:
    assert "total_count" not in (account(BY_NAME["total missing"]).listing(0, 10) or {"total_count": 0})


def test_a_list_is_cut_with_its_total_only_when_known_videos_are_hidden_too() -> None:
    assert len(read(account(BY_NAME["list and total cut alike"], bought=CUT_TO + 1))) == CUT_TO + 1
    cut = account(BY_NAME["list and total cut alike"])
    assert ids(read(cut)) == list(reversed(cut.videos))[:CUT_TO]
    assert (cut.listing(0, 10) or {})["total_count"] == CUT_TO


def test_an_item_shown_twice_hides_another() -> None:
    made = account(BY_NAME["last item again on the next page"])

    shown = [item for number in range(3) for item in (made.listing(number, 10) or {})["data"]]

    assert len(shown) == BOUGHT
    assert len(set(ids(shown))) == BOUGHT - 2


def test_an_empty_page_stands_before_the_end() -> None:
    made = account(BY_NAME["empty page before the end"])

    assert [len((made.listing(number, 10) or {})["data"]) for number in range(4)] == [10, 0, 10, 5]


def test_an_item_is_left_out_of_one_reading_at_most() -> None:
    made = account(BY_NAME["one item left out and not counted"])

    missing = [set(made.videos) - set(ids(read(made))) for _ in range(40)]

    left_out = [each for some in missing for each in some]
    assert left_out
    assert len(left_out) == len(set(left_out))


def test_unreadable_items_have_no_id() -> None:
    newest = account(BY_NAME["newest item without an id"])
    second = account(BY_NAME["second item of each page without an id"])

    assert [bool(each) for each in ids((newest.listing(0, 10) or {})["data"])] == [False] + [True] * 9
    assert [bool(each) for each in ids((second.listing(1, 10) or {})["data"])] == [True, False] + [True] * 8


def test_strangers_come_and_go_and_none_of_ours_does() -> None:
    made = account(BY_NAME["strangers come and go"], bought=2)
    ours = set(made.videos)

    strange = [frozenset(ids(read(made))) - ours for _ in range(8)]

    assert len(set(strange)) == 8
    assert ours < set(ids(read(made)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("names cut to 24", NAME[:24]),
        ("names in capitals", NAME.upper()),
        ("names dropped", ""),
        ("names trimmed", NAME),
    ],
)
def test_names_are_kept_as_said(name: str, expected: str) -> None:
    made = account(BY_NAME[name], bought=1)

    assert [item["video_name"] for item in read(made)] == [expected]


def test_a_submission_is_sometimes_answered_with_another_video() -> None:
    made = account(BY_NAME["answers about another video"])

    answers = [made.answer_to(video)["video_id"] == video.video_id for video in list(made.videos.values())]

    assert {True, False} == set(answers)


def test_a_new_id_is_unknown_but_listed() -> None:
    made = account(BY_NAME["new ids invalid for a while"], bought=1)
    [video_id] = made.videos

    assert made.show(video_id) is None
    assert ids(read(made)) == [video_id]
    made.videos[video_id].accepted_at -= made.behaviour.unknown_for
    assert (made.show(video_id) or {})["video_id"] == video_id


def test_dates_are_missing_where_that_is_said() -> None:
    [item] = read(account(BY_NAME["dates missing"], bought=1))

    assert not [name for name in item if name.endswith("_at")]
