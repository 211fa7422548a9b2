"""The text policy over many scripts. tests/browser checks the browser's half against the same tables."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavusweb import text_policy as policy
from tests.texts import FAMILY, FOLDED, FOR_MACHINES, TEXTS, WALES

PACKAGE = Path(policy.__file__).parents[1]


@pytest.mark.parametrize(("text", "characters", "is_blank", "seconds"), TEXTS)
def test_length_blankness_and_spoken_time_follow_policy(
    text: str, characters: int, is_blank: bool, seconds: float
) -> None:
    assert len(policy.as_stored(text)) == characters
    assert policy.is_blank(text) is is_blank
    assert policy.spoken_seconds(text) == seconds


@pytest.mark.parametrize(("text", "placeholders", "markup"), FOR_MACHINES)
def test_placeholders_and_markup_are_found(text: str, placeholders: list[str], markup: list[str]) -> None:
    assert policy.unspeakable(policy.PLACEHOLDER, text) == placeholders
    assert policy.unspeakable(policy.MARKUP, text) == markup


@given(st.text())
def test_stored_text_does_not_change_when_stored_again(text: str) -> None:
    assert policy.as_stored(policy.as_stored(text)) == policy.as_stored(text)
    assert policy.as_line(policy.as_line(text)) == policy.as_line(text)
    assert policy.as_secret(policy.as_secret(text)) == policy.as_secret(text)
    assert policy.fold(policy.fold(text)) == policy.fold(text)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  Hello\tthere\r\nMaria ", "Hello there Maria"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("\u2067שלום", "\u2067שלום\u2069"),
        ("a\u2069b", "ab"),
        ("\u200fمرحبا", "\u200fمرحبا"),
        ("e\u0301", "é"),
    ],
)
def test_name_is_one_line_that_cannot_reverse_surrounding_text(typed: str, line: str) -> None:
    assert policy.as_line(typed) == line


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Hello", 5, "Hello"),
        ("Hello", 4, "Hell"),
        (FAMILY + "ab", 8, FAMILY + "a"),
        ("ab" + FAMILY, 8, "ab"),
        ("🇩🇪🇫🇷", 3, "🇩🇪"),
        ("x🇩🇪🇫🇷", 4, "x🇩🇪"),
        ("ok" + WALES, 5, "ok"),
        ("hi👍🏽", 3, "hi"),
        ("aq\u0323\u0307b", 3, "a"),
        ("शि क्षा", 5, "शि "),
        ("กำ", 1, "ก"),  # even the first character is too long: part of it is better than nothing
        ("ab กำ", 4, "ab "),
        ("\u1112\u1161\u11ab\u1112\u1161", 4, "\u1112\u1161\u11ab"),
    ],
)
def test_text_is_cut_between_visible_characters(text: str, limit: int, expected: str) -> None:
    assert policy.cut(text, limit) == expected


def test_cut_text_ends_with_its_marker_within_the_limit() -> None:
    assert policy.cut("Hello there", 7, end="…") == "Hello…"
    assert policy.cut("Hello", 5, end="…") == "Hello"


@given(st.text(), st.integers(1, 40))
def test_cut_text_fits_in_characters_and_bytes(text: str, limit: int) -> None:
    assert len(policy.cut(text, limit, end="…")) <= limit
    assert text.startswith(policy.cut_bytes(text, limit))
    assert len(policy.cut_bytes(text, limit).encode()) <= limit


@pytest.mark.parametrize(
    ("name", "first"), [("Maria", "M"), (FAMILY + "x", FAMILY), ("🇩🇪 team", "🇩🇪"), ("नी", "नी"), ("", ""), ("é", "é")]
)
def test_initial_is_a_whole_visible_character(name: str, first: str) -> None:
    assert policy.initial(name) == first


@pytest.mark.parametrize(("text", "search"), FOLDED)
def test_search_ignores_case_accents_and_width(text: str, search: str) -> None:
    assert policy.fold(search) in policy.fold(text)


def test_meaningful_vowel_signs_are_not_folded_away() -> None:
    assert policy.fold("कि") != policy.fold("कु")
    assert policy.fold("ปา") != policy.fold("ปี")
    assert policy.fold("か") != policy.fold("が")


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Geheimniß é 7", "Geheimniß e\u0301 7"),
        ("open sesame", "open\u00a0sesame "),
        ("パスワード１２", "パスワード12"),
        ("пароль", "пар\u200bоль"),
        ("emoji👍🏽pass", "emoji👍🏽pass\ufe0f"),
    ],
)
def test_secret_is_the_same_from_every_keyboard(stored: str, typed: str) -> None:
    assert policy.as_secret(stored) == policy.as_secret(typed)


@pytest.mark.parametrize(
    ("stored", "typed"), [("Open", "open"), ("one two", "onetwo"), ("é", "e"), ("пароль", "пapoль")]
)
def test_different_secrets_stay_different(stored: str, typed: str) -> None:
    assert policy.as_secret(stored) != policy.as_secret(typed)


@pytest.mark.parametrize(
    ("pasted", "key"),
    [(" ab 12\n", "ab12"), ("\ufeffab\u200b12", "ab12"), ("ａｂ１２", "ab12"), ("١٢٣ ٤٥٦", "123456"), ("१२३", "123")],
)
def test_pasted_key_or_code_is_normalised(pasted: str, key: str) -> None:
    assert policy.as_pasted_key(pasted) == key


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [("Café  team", "Cafe\u0301 team", True), ("a\u200bb", "ab", True), ("Team", "team", False), ("шea", "wea", False)],
)
def test_names_that_look_the_same_count_as_the_same(one: str, other: str, is_same: bool) -> None:
    assert policy.is_same_name(one, other) is is_same


# Spreadsheets.

STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
BEFORE = ["", " ", "\t", "\r", "\n", "\r\n", "\u00a0", "\u200b", "\ufeff", '"', "'", '" ']
INSIDE = ["x;", "x,", "x\t", "x\n", "x\r", "x|", 'x;"', 'x\t"', 'x;""', 'x,"', "x; ", ";;"]


def is_calculated(cell: str) -> bool:
    return cell.strip(' \t\r\n\u00a0\u200b\ufeff"')[:1] in {*STARTS, "="} if cell else False


@pytest.mark.parametrize("separator", policy.SEPARATORS.values())
@pytest.mark.parametrize("opened_with", [",", ";", "\t", "|"])
def test_no_cell_becomes_a_formula_with_any_separator(separator: str, opened_with: str) -> None:
    attacks = [f"{before}{start}cmd|' /C calc'!A0" for before in [*BEFORE, *INSIDE] for start in STARTS]
    text = "".join(policy.spreadsheet_line(["1", attack, "end"], separator) for attack in attacks)

    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=opened_with) for cell in row]

    assert [cell for cell in cells if is_calculated(cell)] == []
    assert not any(part.lstrip(' "').startswith(tuple(STARTS)) for part in text.replace("\r", "\n").split("\n"))


@given(st.text(), st.sampled_from(sorted(policy.SEPARATORS.values())))
def test_harmless_cell_is_unchanged(text: str, separator: str) -> None:
    harmless = policy.as_stored("x" + text).replace("\0", "").translate({ord(sign): "" for sign in "".join(STARTS)})

    line = policy.spreadsheet_line([harmless, 7, None], separator)

    assert next(csv.reader(io.StringIO(line, newline=""), delimiter=separator)) == [harmless, "7", ""]


def test_number_stays_a_number() -> None:
    assert policy.spreadsheet_line([-5, 0.5, True]) == '"-5","0.5","True"\r\n'


@pytest.mark.parametrize(
    ("languages", "separator"),
    [
        ("", ","),
        ("en-GB,en;q=0.9,de;q=0.8", ","),
        ("de-DE,de;q=0.9", ";"),
        ("fr", ";"),
        ("es-ES", ";"),
        ("es-MX", ","),
        ("ja", ","),
        ("pt-BR;q=0.9", ";"),
        ("*", ","),
    ],
)
def test_separator_follows_the_locale_of_the_reader(languages: str, separator: str) -> None:
    assert policy.spreadsheet_separator(languages) == separator


@pytest.mark.parametrize(
    "text", ["\n" * 50_000, ";" * 50_000, "{" * 50_000, "<a " * 20_000, ' "' * 30_000, "\u0301" * 50_000]
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    """A backtracking pattern would exceed the test's timeout."""
    policy.spreadsheet_line([text])
    policy.unspeakable(policy.PLACEHOLDER, text)
    policy.unspeakable(policy.MARKUP, text)
    assert len(policy.cut(text, 49_999)) <= 49_999


ELSEWHERE = re.compile(r"forms\.CharField\(|__icontains|^import (?:csv|unicodedata)\b|\.casefold\(\)", re.MULTILINE)
# Ids, names of hosts and languages, times and form numbers, names shown to reviewers, traps for robots, names at Tavus.
EXCEPTIONS = {
    "keys/views/replicas.py",
    "reachability.py",
    "reviews/placed_form.py",
    "reviews/speaker.py",
    "sharing/forms/answers.py",
    "sharing/forms/reports.py",
    "videos/models/caption.py",
    "videos/naming.py",
}


def test_only_text_policy_normalises_folds_and_exports_text() -> None:
    modules = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if ELSEWHERE.search(path.read_text())
    ]

    others = ("text_policy/", "tavus/", "sandbox/")
    assert {name for name in modules if not name.startswith(others)} == EXCEPTIONS
