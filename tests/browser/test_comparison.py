"""Two takes beside each other in a browser: reached from a video, readable at every width, and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.faults import NewContext
from tests.browser.site import Site
from tests.browser.test_accessibility import AXE, DESKTOP, PHONE, SCHEMES, grave


@pytest.fixture(scope="module")
def versions(site: Site) -> dict[str, str]:
    made: dict[str, str] = site.seed("two_versions", module="take_seeds")
    return made


def compare(page: Page, versions: dict[str, str]) -> None:
    page.goto(versions["video"])
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_role("row").filter(has_text=versions["second"]).get_by_role("link").click()
    expect(page.get_by_role("heading", name="Compare takes", level=1)).to_be_visible()


def places(page: Page) -> list[Any]:
    return [page.locator("article[data-take]").nth(number).bounding_box() for number in (0, 1)]


def test_takes_stand_beside_each_other_and_one_below_the_other_on_phones(
    as_maria: NewContext, versions: dict[str, str]
) -> None:
    page = as_maria(viewport=DESKTOP, reduced_motion="reduce").new_page()
    compare(page, versions)
    expect(page.locator(".player iframe")).to_have_count(2)
    expect(page.locator("mark")).to_have_text(["We start at nine.", "We start at eight.", "Bring your badge."])
    first, second = places(page)
    assert first["y"] == second["y"]
    tops = [page.locator(".player").nth(number).bounding_box() for number in (0, 1)]
    assert tops[0]["y"] == tops[1]["y"], "however long the titles are"  # type: ignore[index]
    assert first["x"] + first["width"] < second["x"]
    page.evaluate(AXE)

    faults = {
        f"{scheme}, {size['width']}": grave(page, scheme, size) for size in (DESKTOP, PHONE) for scheme in SCHEMES
    }

    assert {where: found for where, found in faults.items() if found} == {}
    first, second = places(page)
    assert first["x"] == second["x"]
    assert first["y"] + first["height"] < second["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_comparing_works_without_scripts(as_maria: NewContext, versions: dict[str, str]) -> None:
    page = as_maria(java_script_enabled=False, viewport=PHONE).new_page()

    compare(page, versions)

    expect(page.locator("[data-script=B] mark")).to_have_text(["We start at eight.", "Bring your badge."])
    expect(page.get_by_role("row").filter(has_text="Start with a wave")).to_contain_text("On")
    expect(page.locator("article[data-take]").nth(1)).to_have_attribute("data-approval", "approved")
