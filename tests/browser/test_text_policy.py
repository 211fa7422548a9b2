"""The browser counts, judges and times text as the server does, by the tables of tests/test_text_policy.py."""

import unicodedata
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tavusweb.text_policy.cutting import is_boundary
from tests.browser import steps
from tests.texts import FAMILY, FOR_MACHINES, TEXTS, WALES


@pytest.fixture
def form(page: Page, workspace: str) -> Page:
    page.goto(f"{workspace}videos/new/")
    return page


def of_the_browser(page: Page, texts: list[str]) -> list[dict[str, Any]]:
    judged: list[dict[str, Any]] = page.evaluate(
        """async (texts) => {
          const policy = await import("/static/js/text-policy.js");
          return texts.map((text) => ({
            characters: policy.countCharacters(text),
            isBlank: policy.isBlank(text),
            seconds: policy.spokenSeconds(text),
            ...policy.unspeakable(text),
          }));
        }""",
        texts,
    )
    return judged


def test_browser_and_server_agree_on_every_text(form: Page) -> None:
    judged = of_the_browser(form, [text for text, *_ in TEXTS])

    wrong = [
        (text[:40], answer)
        for (text, characters, is_blank, seconds), answer in zip(TEXTS, judged, strict=True)
        if (answer["characters"], answer["isBlank"]) != (characters, is_blank)
        or abs(answer["seconds"] - seconds) > 0.051
    ]

    assert wrong == []


def test_browser_and_server_find_the_same_placeholders_and_markup(form: Page) -> None:
    judged = of_the_browser(form, [text for text, *_ in FOR_MACHINES])

    assert [(each["placeholders"], each["markup"]) for each in judged] == [tuple(each[1:]) for each in FOR_MACHINES]


def test_text_is_cut_only_between_characters_as_the_browser_counts_them(form: Page) -> None:
    text = unicodedata.normalize(
        "NFC", "".join(each for each, *_ in TEXTS) + FAMILY + WALES + "กำ 각 क्षत्रिय ð\u0301"
    ).replace("\0", "")

    seen: list[int] = form.evaluate(
        "text => [...new Intl.Segmenter().segment(text)].map(({index}) => [...text.slice(0, index)].length)", text
    )

    assert [at for at in range(1, len(text)) if is_boundary(text, at) and at not in seen] == []


def test_emoji_count_towards_the_limit_and_excess_text_is_kept_with_an_error(form: Page) -> None:
    steps.fill_video(form, title="👍" * 120, script="👍" * 45_001)
    expect(form.locator("#script_count")).to_contain_text("Characters: 45,001 of 50,000")
    form.get_by_label("Script", exact=True).fill("👍" * 50_001)
    expect(form.locator("#script_count .over")).to_contain_text("Characters: 50,001 of 50,000")

    steps.generate(form)

    expect(form.locator("#id_script_error")).to_contain_text("Use at most 50000 characters. This has 50001.")
    expect(form.get_by_label("Script", exact=True)).to_have_value("👍" * 50_001)
    expect(form.get_by_label("Title", exact=True)).to_have_value("👍" * 120)
    expect(form.locator("#id_title_error")).to_have_count(0)


def test_placeholders_and_markup_get_a_note_beside_generate_without_blocking(form: Page) -> None:
    notes = form.locator("#script_notes")
    expect(notes).to_be_hidden()
    steps.fill_video(form, title="For Ada", script='Hi {{first_name}}, <break time="1s"/> welcome.')

    expect(notes).to_contain_text("{{first_name}}")
    expect(notes).to_contain_text('<break time="1s"/>')
    expect(form.get_by_text("Draft saved")).to_be_visible()
    form.reload()
    expect(notes).to_contain_text("{{first_name}}")
    steps.generate(form)

    expect(form.get_by_role("heading", name="For Ada", level=1)).to_be_visible()


def test_long_word_is_not_estimated_at_one_second(form: Page) -> None:
    form.get_by_label("Script", exact=True).fill("好" * 420)

    expect(form.locator("#script_count")).to_contain_text("about 1 min 40 s")
