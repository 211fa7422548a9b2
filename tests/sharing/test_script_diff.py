"""Two scripts are compared sentence by sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.sharing.takes.script_diff import MOST, Sentence, compare

TEXTS = st.text("ab .\n。Ä", max_size=60)


def only(sentences: list[Sentence]) -> list[str]:
    return [sentence.text for sentence in sentences if sentence.is_only]


def whole(sentences: list[Sentence]) -> str:
    return "".join(each.before + each.text + each.after for each in sentences)


@pytest.mark.parametrize(
    ("one", "other", "marked"),
    [
        ("Hello. Bye.", "Hello. Bye.", ([], [])),
        ("Hello. Bye.", "Hello.\n\n  Bye. ", ([], [])),
        ("Hello. One. Bye.", "Hello. Two. Bye.", (["One."], ["Two."])),
        ("Hello. Bye.", "Hello. New. Bye.", ([], ["New."])),
        ("One. Two. Three.", "Two. Three. One.", (["One."], ["One."])),
        ("Again. Again.", "Again.", (["Again."], [])),
        ("你好。再见！", "你好。谢谢。", (["再见！"], ["谢谢。"])),
        ("", "New.", ([], ["New."])),
        ("", "", ([], [])),
    ],
)
def test_sentences_of_only_one_script_are_marked(one: str, other: str, marked: tuple[list[str], list[str]]) -> None:
    ours, theirs = compare(one, other)

    assert (only(ours), only(theirs)) == marked


@given(TEXTS, TEXTS)
def test_scripts_stay_as_typed_and_what_is_not_marked_is_the_same(one: str, other: str) -> None:
    ours, theirs = compare(one, other)

    assert whole(ours) == (one if one.strip() else "")
    assert whole(theirs) == (other if other.strip() else "")
    same = [[" ".join(each.text.split()) for each in side if not each.is_only] for side in (ours, theirs)]
    assert same[0] == same[1]


def test_beginning_and_end_match_where_too_much_differs_between() -> None:
    between = MOST // 2 + 1
    ours, theirs = compare(
        f"First. {'One. Same. ' * between}Last.",
        f"First. {'Two. Same. ' * between}End. Last.",
    )

    for side in (ours, theirs):
        assert not side[0].is_only
        assert not side[-1].is_only
        assert all(sentence.is_only for sentence in side[1:-2])
