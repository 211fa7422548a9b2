"""The pages that keep or return what was typed are accessible: in light and dark, on a phone and on a desktop."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.faults import NewContext
from tests.browser.site import Site
from tests.browser.test_accessibility import AXE, DESKTOP, PHONE, SCHEMES, Look, grave
from tests.browser.test_recordings import SILENCE

LONG = "A sentence that somebody typed for an hour. " * 40


def send_without(cookie: str, heading: str) -> Callable[[Page], Any]:
    """Fill in the form and send it, after the browser has lost this cookie."""

    def send(page: Page) -> None:
        steps.fill_video(page, title="Long lunch", script=LONG)
        page.context.clear_cookies(name=cookie)
        steps.generate(page)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()

    return send


def choose_silence(page: Page) -> None:
    page.get_by_label("Audio file", exact=True).set_input_files(SILENCE / "silence.mp3")
    expect(page.locator("#silent_note")).to_be_visible()


def generate_twice(page: Page) -> None:
    steps.fill_video(page, title="Once", script=LONG)
    expect(page.locator("#draft_state")).to_have_text("Draft saved", timeout=steps.SOON)
    second = page.context.new_page()
    second.goto(page.url)
    steps.generate(second)
    expect(second.get_by_role("heading", name="Once", level=1)).to_be_visible()
    second.close()
    page.get_by_label("Script", exact=True).fill("Another text.")
    steps.generate(page)
    expect(page.get_by_role("heading", name="This draft was already generated in another window")).to_be_visible()


LOOKS = {
    "comparison of two versions": Look("{versions}"),
    "signed out, form returned": Look("{new}", send_without("sessionid", "You’re signed out")),
    "expired form, returned": Look("{new}", send_without("csrftoken", "This form has expired")),
    "silent recording": Look("{new}", choose_silence),
    "already generated": Look("{new}", generate_twice),
}


@pytest.fixture
def addresses(site: Site, workspace: str) -> dict[str, str]:
    slug = workspace.split("/")[2]
    return {"new": f"{workspace}videos/new/", "versions": site.seed("two_versions", slug, module="draft_seeds")}


@pytest.mark.parametrize("name", LOOKS)
def test_page_about_typed_text_is_accessible(name: str, as_maria: NewContext, addresses: dict[str, str]) -> None:
    look = LOOKS[name]
    page = as_maria(viewport=DESKTOP, reduced_motion="reduce").new_page()
    page.goto(look.address.format(**addresses))
    if look.first:
        look.first(page)
    page.evaluate(AXE)

    faults = {
        f"{scheme}, {size['width']}": grave(page, scheme, size) for size in (DESKTOP, PHONE) for scheme in SCHEMES
    }

    assert {where: violations for where, violations in faults.items() if violations} == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
