"""Everything but live updates works without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.faults import NewContext


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A browser without JavaScript, with Maria signed in through the form."""
    page = new_context(java_script_enabled=False).new_page()
    steps.sign_in(page)
    return page


def test_whole_job_works_with_reloads(page: Page, new_context: NewContext) -> None:
    workspace = steps.create_workspace(page, "Plain team")
    steps.add_sandbox_key(page)
    expect(page.get_by_text("Practice: Key works.")).to_be_visible()

    steps.make_video(page, workspace, title="Plain", script="Hello without scripts.")
    reload_until(page, "ready")
    address = steps.share_address(page)
    stranger = new_context(java_script_enabled=False).new_page()
    stranger.goto(address)
    expect(stranger.frame_locator("iframe").locator("video")).to_be_visible()

    steps.go_to(page, "Shared links")
    page.get_by_role("button", name="Revoke", exact=True).click()
    stranger.reload()
    expect(stranger.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_videos_can_be_cancelled_retried_and_deleted(page: Page) -> None:
    workspace = steps.create_workspace(page, "Poor team")
    steps.add_sandbox_key(page, secret="nocredits-1")
    steps.make_video(page, workspace, title="Unpaid", script="Hello.")
    reload_until(page, "waiting", "out of credits")

    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text("Cancelled. You were not charged.")).to_be_visible()
    page.get_by_role("button", name="Retry", exact=True).click()
    expect(page.get_by_text("Back in the queue.")).to_be_visible()
    reload_until(page, "waiting", "out of credits")
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Delete", exact=True).click()

    expect(page.get_by_text("Moved to trash.")).to_be_visible()
    expect(page.locator("[data-video]")).to_have_count(0)


def test_enter_in_a_field_saves_a_draft_and_buys_nothing(page: Page) -> None:
    workspace = steps.create_workspace(page, "Careful team")
    steps.add_sandbox_key(page)
    page.goto(f"{workspace}videos/new/")
    steps.fill_video(page, title="Not yet", script="Unfinished")

    page.get_by_label("Title", exact=True).press("Enter")

    expect(page.get_by_text("Draft saved.")).to_be_visible()
    expect(steps.row(page, "Not yet").locator("[data-status=draft]")).to_be_visible()


def test_errors_appear_beside_their_fields_and_typed_text_is_kept(page: Page) -> None:
    workspace = steps.create_workspace(page, "Hasty team")
    steps.add_sandbox_key(page)
    page.goto(f"{workspace}videos/new/")
    steps.fill_video(page, title="Two voices", script="Hello.", replica="")
    steps.unfold(page, "Watermark")
    page.get_by_label("Watermark image URL", exact=True).fill("ftp://example.com/a.png")

    steps.generate(page)

    expect(page.get_by_label("Replica", exact=True)).to_have_accessible_description(re.compile("Choose a replica"))
    expect(page.get_by_label("Watermark image URL", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Script", exact=True)).to_have_value("Hello.")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Two voices")


def reload_until(page: Page, status: str, words: str = "") -> None:
    """Reload until the page shows the text."""
    badge = page.locator(f"main [data-status={status}]").first
    for _ in range(80):
        if badge.is_visible() and words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(badge).to_be_visible()
    expect(page.locator("main")).to_contain_text(words)
