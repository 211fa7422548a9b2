"""On no page, at no width, does text lie on other text or on a control, leave its box or end without a sign."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.faults import NewContext
from tests.browser.site import Site
from tests.browser.test_accessibility import LOOKS, signed_in
from tests.browser.test_share_page import STATES

__all__ = ["signed_in"]  # the fixture

pytestmark = pytest.mark.thorough
LOOK_FOR = (Path(__file__).parent / "overlap.js").read_text()
WIDTHS = (320, 390, 640, 768, 1280, 1920)  # 640 px is a window of 1280 px at 200% zoom
# The opening of a folded part is in no list of animations, so the height is what tells that nothing moves any more.
STILL = """async () => {
    await document.fonts.ready;
    const frame = () => new Promise(requestAnimationFrame);
    const isMoving = () => document.getAnimations().some(each => each.effect.getComputedTiming().endTime !== Infinity);
    let was, same = 0;
    while (same < 5 || isMoving()) {
        await frame();
        const height = document.documentElement.scrollHeight;
        same = height === was ? same + 1 : 0;
        was = height;
    }
}"""


def faults(page: Page) -> dict[int, list[str]]:
    """Return what is wrong at each width."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(STILL)
        found[width] = page.evaluate(LOOK_FOR)
    return {width: what for width, what in found.items() if what}


def with_body(page: Page, body: str) -> list[str]:
    page.set_viewport_size({"width": 320, "height": 600})
    page.set_content(f"<body style='margin: 0; font: 16px/20px monospace'>{body}</body>")
    found: list[str] = page.evaluate(LOOK_FOR)
    return found


@pytest.mark.parametrize("name", LOOKS)
def test_nothing_overlaps_at_any_width(
    name: str, signed_in: Callable[[str], Any], new_context: NewContext, furnished: dict[str, str]
) -> None:
    look = LOOKS[name]
    page = new_context(storage_state=signed_in(look.who), reduced_motion="reduce").new_page()
    page.goto(look.address.format(**furnished))
    if look.first:
        look.first(page)

    assert faults(page) == {}


@pytest.fixture(scope="module")
def states(site: Site) -> dict[str, str]:
    made: dict[str, str] = site.seed("states", module="share_seeds")
    return made


@pytest.mark.parametrize("state", STATES)
def test_nothing_overlaps_on_share_pages_in_german(state: str, states: dict[str, str], new_context: NewContext) -> None:
    page = new_context(locale="de-DE", reduced_motion="reduce").new_page()
    page.goto(states[state])

    assert faults(page) == {}


BROKEN = {
    "text on text": (
        "<p style='margin: 0'>One</p><p style='margin: -20px 0 0'>Two</p>",
        ["“One” and “Two” overlap"],
    ),
    "text on a button": (
        "<button style='width: 99px; height: 30px'>Go</button><p style='margin: -20px 0 0'>Two</p>",
        ["“Go” and “Two” overlap"],
    ),
    "too long a word": (
        "<div style='width: 40px'>Donaudampfschiff</div>",
        ["wider than its box: “Donaudampfschiff”"],
    ),
    "cut without a sign": (
        "<div style='width: 40px; overflow: hidden'>Donaudampfschiff</div>",
        ["cut sideways: “Donaudampfschiff”"],
    ),
    "a page that scrolls sideways": ("<div style='width: 500px'>Wide</div>", ["scrolls sideways by 180 px"]),
}
SOUND = {
    "lines of a paragraph": "<p style='line-height: 1'>One two three four five six seven eight nine ten eleven twelve</p>",
    "an ellipsis": "<div style='width: 40px; overflow: hidden; text-overflow: ellipsis'>Donaudampfschiff</div>",
    "a part that scrolls": "<div style='width: 40px; overflow: auto'>Donaudampfschiff</div>",
    "a field in its label": "<label>Name <input></label>",
    "text for screen readers": "<p>One</p><p style='position: absolute; top: 0; clip-path: inset(50%)'>Two</p>",
    "a bar above the page": "<p>One</p><p style='position: fixed; top: 0'>Two</p>",
}


@pytest.fixture
def sheet(browser: Browser) -> Iterator[Page]:
    """An empty page of no site."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize(("body", "expected"), BROKEN.values(), ids=BROKEN)
def test_broken_layout_is_found(body: str, expected: list[str], sheet: Page) -> None:
    assert set(expected) <= set(with_body(sheet, body))


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_sound_layout_is_left_alone(body: str, sheet: Page) -> None:
    assert with_body(sheet, body) == []
