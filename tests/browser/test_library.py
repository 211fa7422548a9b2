"""The library updates itself cheaply and without getting in the way."""

import re

from playwright.sync_api import Page, Request, expect

from tests.browser import steps
from tests.browser.site import Site

REFRESH = re.compile("/videos/refresh/")


def test_page_of_pending_videos_makes_one_request_per_refresh(page: Page, site: Site) -> None:
    page.goto(f"{site.seed('crowd', 100)}videos/")
    rows = page.locator("[data-video]").count()
    asked = requests_of(page)

    with page.expect_request(REFRESH):
        pass
    with page.expect_request(REFRESH) as second, page.expect_response(REFRESH):
        pass

    assert rows == 100
    assert second.value.url.count(",") == rows - 1
    assert [request.url for request in asked if not REFRESH.search(request.url)] == []
    assert len(asked) == 2


def test_typed_text_survives_a_refresh(page: Page, workspace: str) -> None:
    steps.make_video(page, workspace, title="Slow one", script="[[slow]] Hello.")
    steps.go_to(page, "Videos")
    field = page.get_by_label("Search videos")

    field.press_sequentially("slow o")
    for _ in range(2):
        with page.expect_response(REFRESH):
            pass
    field.press_sequentially("ne")

    expect(field).to_have_value("slow one")
    expect(field).to_be_focused()


def test_results_follow_as_one_types(page: Page, furnished: dict[str, str]) -> None:
    page.goto(f"{furnished['workspace']}videos/")
    every = page.locator("[data-video]").count()

    page.get_by_label("Search videos").press_sequentially("summer")
    expect(page.locator("[data-video]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=summer$"))

    page.get_by_label("Search videos").fill("summer not sent yet")
    page.get_by_role("navigation", name="Status").get_by_role("link", name="Failed", exact=True).click()
    expect(page.get_by_label("Search videos")).to_have_value("summer not sent yet")

    page.get_by_label("Search videos").fill("")
    page.get_by_role("navigation", name="Status").get_by_role("link", name="All", exact=True).click()
    expect(page.locator("[data-video]")).to_have_count(every)


def test_video_becomes_ready_in_its_row(page: Page, workspace: str) -> None:
    steps.make_video(page, workspace, title="Quick one", script="Hello.")
    steps.go_to(page, "Videos")
    row = steps.row(page, "Quick one")
    row.evaluate("row => { row.isSameRow = true; }")

    expect(row.locator("[data-progress]")).to_be_visible(timeout=steps.SOON)
    expect(row.locator("[data-status=ready]")).to_be_visible(timeout=steps.RENDERED)

    assert row.evaluate("row => row.isSameRow")
    expect(row.locator("img")).to_be_visible()
    asked = requests_of(page)
    page.wait_for_timeout(2500)  # longer than the refresh interval: there must be no further refresh
    assert [request.url for request in asked if REFRESH.search(request.url)] == []


def test_search_and_filter_narrow_the_list_and_can_be_bookmarked(page: Page, furnished: dict[str, str]) -> None:
    page.goto(f"{furnished['workspace']}videos/")
    page.get_by_label("Search videos").fill("summer")
    page.get_by_label("Search videos").press("Enter")
    expect(page.locator("[data-video]")).to_have_count(1)

    page.get_by_role("navigation", name="Status").get_by_role("link", name="Ready", exact=True).click()
    expect(page.get_by_role("heading", name="No videos found")).to_be_visible()
    page.goto(page.url)

    expect(page.get_by_label("Search videos")).to_have_value("summer")
    expect(page.get_by_role("navigation", name="Status").locator("[aria-current=page]")).to_have_text("Ready")


def requests_of(page: Page) -> list[Request]:
    """Record the page's requests from now on."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    return asked
