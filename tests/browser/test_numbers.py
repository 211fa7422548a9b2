"""Visits as a browser tells of them, and the pages of numbers as members read them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.faults import NewContext
from tests.browser.site import Site
from tests.browser.test_accessibility import AXE, DESKTOP, PHONE, SCHEMES, grave

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture(scope="module")
def watched(site: Site) -> dict[str, str]:
    pages: dict[str, str] = site.seed("watched", module="visit_seeds")
    return pages


@pytest.mark.parametrize("name", ["link", "video", "settings"])
def test_numbers_are_for_everybody(name: str, watched: dict[str, str], as_maria: NewContext) -> None:
    page = as_maria(viewport=DESKTOP, reduced_motion="reduce").new_page()
    page.goto(watched[name])
    for summary in page.locator("main details > summary").all():
        summary.click()
    page.evaluate(AXE)

    faults = {
        f"{scheme}, {size['width']}": grave(page, scheme, size) for size in (DESKTOP, PHONE) for scheme in SCHEMES
    }

    assert {where: found for where, found in faults.items() if found} == {}
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.fixture
def views_of(page: Page, site: Site) -> Callable[[], Any]:
    """`views_of()`: a new link's address, and a function that waits until its page of numbers shows so many views."""

    def make() -> Any:
        made = site.seed("empty", module="visit_seeds")

        def shows(number: int) -> None:
            page.goto(made["link"])
            shown = page.locator(".number", has_text="Views").first.locator("strong")
            expect(shown).to_have_text(str(number), timeout=25_000)

        return made["share"], shows

    return make


def test_a_page_that_is_looked_at_counts_while_its_owner_watches_live(
    views_of: Callable[[], Any], new_context: NewContext, page: Page
) -> None:
    share, shows = views_of()
    shows(0)

    new_context(user_agent=FIREFOX).new_page().goto(share)  # by its own name, Chromium without a window is a machine

    expect(page.locator(".number", has_text="Views").first.locator("strong")).to_have_text("1", timeout=25_000)


def test_who_asks_not_to_be_followed_sends_nothing(views_of: Callable[[], Any], new_context: NewContext) -> None:
    share, shows = views_of()
    context = new_context(user_agent=FIREFOX)
    context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    page, sent = context.new_page(), []
    page.on("request", lambda request: sent.append(request.method))
    page.goto(share, wait_until="networkidle")

    assert "POST" not in sent
    shows(0)


def test_a_page_that_is_never_in_front_is_not_counted(views_of: Callable[[], Any], new_context: NewContext) -> None:
    share, _shows = views_of()
    context = new_context(user_agent=FIREFOX)
    context.add_init_script("Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})")
    page, sent = context.new_page(), []
    page.on("request", lambda request: sent.append(request.method))

    page.goto(share, wait_until="networkidle")

    assert "POST" not in sent


def test_without_scripts_nothing_is_counted(views_of: Callable[[], Any], new_context: NewContext) -> None:
    share, shows = views_of()

    new_context(user_agent=FIREFOX, java_script_enabled=False).new_page().goto(share)

    shows(0)


PLAY_TO_THE_END = """async video => {
    const end = new Promise(resolve => video.addEventListener("ended", resolve));
    video.muted = true;
    await video.play();
    await end;
}"""
SKIP_TO_THE_END = """async video => {
    const end = new Promise(resolve => video.addEventListener("ended", resolve));
    video.muted = true;
    await video.play();
    video.currentTime = video.duration - 0.1;
    await end;
}"""


@pytest.mark.parametrize(("act", "whole"), [(PLAY_TO_THE_END, "1"), (SKIP_TO_THE_END, "0")], ids=["played", "skipped"])
def test_our_player_tells_what_is_played_and_not_what_is_skipped(
    act: str, whole: str, site: Site, new_context: NewContext, page: Page
) -> None:
    made = site.seed("in_our_player", module="visit_seeds")
    visitor = new_context(user_agent=FIREFOX).new_page()
    visitor.goto(made["share"])
    visitor.locator("video").evaluate(act)

    page.goto(made["link"])

    shown = {name: page.locator(".number", has_text=name).locator("strong") for name in ("Plays", "100% played")}
    expect(shown["Plays"]).to_have_text("1", timeout=25_000)
    expect(shown["100% played"]).to_have_text(whole, timeout=25_000)
