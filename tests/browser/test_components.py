"""Every component looks as it did: each part of the components page beside its kept picture.

After an intended change, `KEEP_PICTURES=1 pytest tests/browser/test_components.py` writes the pictures again: look at them.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.faults import NewContext
from tests.browser.pictures import change_of

pytestmark = pytest.mark.thorough
WIDTHS = {"phone": 390, "desktop": 1280}


@pytest.fixture
def components(as_maria: NewContext) -> Any:
    """`components(width, scheme)`: the page at this width, in light or dark."""

    def show(width: int, scheme: Any) -> Page:
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "reduced_motion": "reduce"}
        page = as_maria(**options).new_page()
        page.goto("/backoffice/components/")
        page.evaluate("document.fonts.ready")
        return page

    return show


def parts(page: Page) -> dict[str, Locator]:
    found = page.locator("main > .stack > section").all()
    return {re.sub(r"\W+", "-", part.locator(":scope > h2").inner_text().lower()): part for part in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", WIDTHS)
def test_components_look_as_they_did(size: str, scheme: str, components: Any) -> None:
    page = components(WIDTHS[size], scheme)

    changes = [change_of(part, f"{name}-{size}-{scheme}") for name, part in parts(page).items()]

    assert [change for change in changes if change] == []
    assert len(changes) > 10


def test_open_menu_and_dialog_look_as_they_did(components: Any) -> None:
    page = components(1280, "light")
    page.get_by_role("button", name="More", exact=True).click()
    menu = change_of(page.locator("#sample-menu"), "menu-open")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Delete a video").click()
    dialog = change_of(page.locator("#sample-dialog > div"), "dialog-open")

    assert (menu, dialog) == ("", "")


@pytest.mark.parametrize(
    "css",
    [
        ".btn[data-variant=destructive] { visibility: hidden }",
        ".btn { border-radius: 0; background: teal !important }",
        ".btn { padding-inline: 4rem }",
        ".cluster { display: block }",
    ],
)
def test_changed_component_is_noticed(css: str, components: Any, tmp_path: Path) -> None:
    page = components(1280, "light")
    buttons = parts(page)["buttons"]
    change_of(buttons, "buttons", folder=tmp_path, is_keeping=True)
    assert change_of(buttons, "buttons", folder=tmp_path, is_keeping=False) == ""

    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        css,
    )

    assert change_of(buttons, "buttons", folder=tmp_path, is_keeping=False) != ""


def test_letters_drawn_a_little_wider_are_no_change(components: Any, tmp_path: Path) -> None:
    page = components(1280, "light")
    buttons = parts(page)["buttons"]
    change_of(buttons, "buttons", folder=tmp_path, is_keeping=True)

    page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('h2, .btn { letter-spacing: 0.04px }');"
        " document.adoptedStyleSheets = [sheet]; }"
    )

    assert change_of(buttons, "buttons", folder=tmp_path, is_keeping=False) == ""
