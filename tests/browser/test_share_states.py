"""Every state of the public page in every language; the states that a visitor comes to by answering; another take."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.faults import NewContext
from tests.browser.site import Site
from tests.browser.test_accessibility import AXE, DESKTOP, PHONE, grave
from tests.browser.test_share_page import STATES, press

LANGUAGES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES"}
LOOKS = ((PHONE, "light"), (DESKTOP, "dark"))


@pytest.fixture(scope="module")
def states(site: Site) -> dict[str, str]:
    """A finished video and links to it in every state, by name."""
    made: dict[str, str] = site.seed("states", module="share_seeds")
    return made


def faults(page: Page) -> dict[str, Any]:
    page.evaluate(AXE)
    found = {f"{size['width']} {scheme}": grave(page, scheme, size) for size, scheme in LOOKS}
    for width in (320, PHONE["width"], DESKTOP["width"]):
        page.set_viewport_size({"width": width, "height": 800})
        found[f"{width} sideways"] = max(0, page.evaluate("document.documentElement.scrollWidth") - width)
    return {where: what for where, what in found.items() if what}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_accessible_in_every_language(
    language: str, states: dict[str, str], new_context: NewContext
) -> None:
    page = new_context(locale=LANGUAGES[language], reduced_motion="reduce").new_page()
    found = {}
    for state in STATES:
        page.goto(states[state])
        expect(page.locator("html")).to_have_attribute("lang", language)
        found[state] = faults(page)

    assert {state: what for state, what in found.items() if what} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["embed", "embed_gate"])
def test_embedded_page_is_accessible(
    state: str, language: str, states: dict[str, str], new_context: NewContext
) -> None:
    page = new_context(locale=LANGUAGES[language], reduced_motion="reduce").new_page()
    page.goto(f"{states[state]}embed/")

    assert faults(page) == {}


def ask_back(page: Page) -> None:
    page.locator("[name=name]").first.fill("Ada")
    page.locator("form[action$='/approve/'] button").first.click()
    expect(page.locator("[name=confirmed]")).to_have_count(1)


def refuse_a_password(page: Page) -> None:
    page.locator("[name=password]").fill("not this one")
    page.locator("main form button").first.click()
    expect(page.get_by_role("alert")).to_be_visible()


def refuse_an_address(page: Page) -> None:
    page.locator("form").first.evaluate("form => { form.noValidate = true; }")
    page.locator("[name=email]").fill("nobody")
    page.locator("main form button").first.click()
    expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("state", "answer"),
    [("approval", ask_back), ("password", refuse_a_password), ("email", refuse_an_address)],
    ids=["asked back", "wrong password", "no address"],
)
def test_state_after_an_answer_is_accessible(
    state: str, answer: Callable[[Page], None], language: str, states: dict[str, str], new_context: NewContext
) -> None:
    page = new_context(locale=LANGUAGES[language], reduced_motion="reduce").new_page()
    page.goto(states[state])

    answer(page)

    assert faults(page) == {}


def test_another_take_replaces_an_approved_one_and_comes_back(site: Site, new_context: NewContext, page: Page) -> None:
    made = site.seed("two_takes", module="take_seeds")
    guest = new_context().new_page()
    guest.goto(made["share"])
    guest.get_by_label("Your name", exact=True).first.fill("Ada")
    press(guest, "Approve")
    press(guest, "Approve")
    standing = guest.locator("[data-approval]")
    expect(standing).to_have_attribute("data-approval", "approved")

    page.goto(made["takes"])
    page.get_by_label("New take", exact=True).select_option(made["second"])
    press(page, "Replace take")

    guest.reload()
    expect(guest.get_by_role("heading", name="Second take")).to_be_visible()
    expect(standing).to_have_attribute("data-approval", "none")

    press(page, "Undo")
    guest.reload()
    expect(guest.get_by_role("heading", name="First take")).to_be_visible()
    expect(standing).to_have_attribute("data-approval", "approved")
