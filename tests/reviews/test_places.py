"""Where in a video a comment belongs: moments as people write them, sentences of a script, and the order they make."""

from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.reviews.forms import MemberCommentForm
from tavusweb.reviews.models import Comment
from tavusweb.reviews.moments import LONGEST_VIDEO, read_moment, write_moment
from tavusweb.reviews.queries import threads
from tavusweb.reviews.sentences import LONGEST_QUOTE, MOST_SENTENCES, pieces, sentences, spoken_at

MOMENTS = [("0:42", 42), ("42", 42), ("1:02:03", 3723), ("1m30s", 90), ("2 min", 120), (" 90s ", 90), ("12:05.4", 725)]


@pytest.mark.parametrize(("text", "seconds"), MOMENTS)
def test_common_time_formats_are_parsed(text: str, seconds: int) -> None:
    assert read_moment(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "1:75", "-3", "1:2:3:4", "99:00:00", "1e3", "٣٫٥x", "0x10", "m", "h"])
def test_invalid_times_are_rejected(text: str) -> None:
    with pytest.raises(ValueError):
        read_moment(text)


@given(st.integers(0, LONGEST_VIDEO))
def test_formatted_time_parses_to_the_same_value(seconds: int) -> None:
    assert read_moment(write_moment(seconds)) == seconds


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Hello Ada. How are you?", ["Hello Ada.", "How are you?"]),
        ("First.\nDr. Lee, e.g. z.B. now.", ["First.", "Dr. Lee, e.g. z.B. now."]),
        ("Dr. Lee pays 3.50 euros! “Really?” she says.", ["Dr. Lee pays 3.50 euros!", "“Really?”", "she says."]),
        ("A headline\n\nThen text", ["A headline", "Then text"]),
        ("你好。再见！", ["你好。", "再见！"]),
        ("مرحبا؟ نعم.", ["مرحبا؟", "نعم."]),
        ("", []),
        (" \n\u200b\n ", []),
        ("Again. Again.", ["Again."]),
    ],
)
def test_script_is_split_into_sentences(script: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(script)] == expected


@given(st.text(max_size=3000))
def test_any_script_yields_a_bounded_chronological_list(script: str) -> None:
    found = sentences(script)

    assert all(0 < len(sentence.text) <= LONGEST_QUOTE for sentence in found)
    assert [sentence.at for sentence in found] == sorted(sentence.at for sentence in found)
    assert len({sentence.key for sentence in found}) == len(found) <= MOST_SENTENCES


def test_longest_script_of_abbreviations_is_split_quickly() -> None:
    begun = process_time()

    assert "".join(pieces("A. " * 16_600)) == "A. " * 16_600
    assert process_time() - begun < 5, "it took 24 seconds while each abbreviation was searched from the start"


def test_sentence_at_a_time_is_the_last_one_started() -> None:
    script = "One two three four five. Six seven eight nine ten. Eleven."

    spoken = [spoken_at(script, seconds) for seconds in (0, 1.9, 2.1, 100)]

    assert [each and each.text for each in spoken] == [
        "One two three four five.",
        "One two three four five.",
        "Six seven eight nine ten.",
        "Eleven.",
    ]
    assert spoken_at("", 3) is None


def test_threads_are_sorted_by_time_with_untimed_ones_last() -> None:
    rows = [
        Comment(pk=1, body="of all"),
        Comment(pk=2, body="at its end", at_seconds=90),
        Comment(pk=3, body="at a sentence", quote="Second one here."),
        Comment(pk=4, body="at its beginning", at_seconds=0),
        Comment(pk=5, body="of words that are gone", quote="Gone."),
        Comment(pk=6, body="an answer", parent_id=1),
        Comment(pk=7, body="an answer to what was deleted", parent_id=99),
    ]

    found = threads(rows, "First one here. Second one here.")

    assert [thread.comment.pk for thread in found] == [4, 3, 2, 1, 5]
    assert [answer.pk for answer in found[3].answers] == [6]


class TestForm:
    def form(self, script: str = "First one. Second one.", **fields: Any) -> MemberCommentForm:
        return MemberCommentForm({"comment": "Hi"} | fields, script=script)

    def test_time_and_sentence_are_optional(self) -> None:
        form = self.form()

        assert form.is_valid()
        assert form.place == {"at_seconds": None, "quote": "", "once": ""}

    def test_sentence_text_comes_from_the_script_not_the_request(self) -> None:
        key = sentences("First one. Second one.")[1].key

        form = self.form(at="1:05", sentence=key, once="a" * 16)

        assert form.is_valid()
        assert form.place == {"at_seconds": 65.0, "quote": "Second one.", "once": "a" * 16}

    def test_sentence_no_longer_in_the_script_is_a_field_error(self) -> None:
        form = self.form(sentence=sentences("Old words.")[0].key)

        assert form.errors["sentence"] == ["The script has changed. Choose the sentence again."]
        assert self.form(at="later").errors["at"] == ["Enter a time like 1:23."]

    def test_no_sentences_are_offered_without_a_script(self) -> None:
        assert "sentence" not in self.form(script="").fields

    def test_reply_has_no_position_of_its_own(self) -> None:
        assert "sentence" not in self.form(answers="3").fields

    def test_each_form_has_its_own_key(self) -> None:
        assert MemberCommentForm()["once"].value() != MemberCommentForm()["once"].value()


def test_entered_time_is_shown_on_the_comment() -> None:
    said = Comment(at_seconds=65.9, created_at=datetime(2026, 11, 27, tzinfo=UTC))

    assert said.moment == "1:05"
    assert Comment().moment == ""
