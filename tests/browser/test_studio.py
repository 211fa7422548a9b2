"""The studio: real credits are asked back for once, and a failed video is edited and sent again as itself."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.site import Site


@pytest.mark.parametrize("width", [390, 1280])
def test_first_purchase_of_a_key_asks_back(page: Page, site: Site, workspace: str, width: int) -> None:
    site.seed("live_key", workspace, module="studio_seeds")
    page.set_viewport_size({"width": width, "height": 760})
    page.goto(f"{workspace}videos/new/")
    steps.fill_video(page, title="First one", script="Hello.")
    key = page.get_by_label("API key", exact=True)
    key.select_option(next(option for option in key.locator("option").all_inner_texts() if "Live" in option))
    expect(page.get_by_text("Uses real credits of Live")).to_be_visible()

    steps.generate(page)
    question = steps.dialog(page, "Use real credits?")
    expect(question.get_by_role("heading")).to_be_visible()
    question.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("heading", name="New video")).to_be_visible()
    steps.generate(page)
    question.get_by_role("button", name="Use credits", exact=True).click()

    expect(page.get_by_role("heading", name="First one", level=1)).to_be_visible()
    expect(steps.status(page)).to_have_attribute("data-status", "waiting")


def test_failed_video_is_edited_and_retried_as_itself(page: Page, workspace: str) -> None:
    steps.make_video(page, workspace, title="Second thoughts", script="Hello. [[reject]]")
    expect(steps.status(page)).to_have_attribute("data-status", "failed", timeout=steps.RENDERED)
    address = page.url
    page.get_by_role("link", name="Edit and retry", exact=True).click()
    expect(page.get_by_label("Script", exact=True)).to_have_value("Hello. [[reject]]")

    page.get_by_label("Script", exact=True).fill("Hello.")
    steps.generate(page)

    expect(page).to_have_url(address)
    expect(steps.status(page)).to_have_attribute("data-status", "ready", timeout=steps.RENDERED)
