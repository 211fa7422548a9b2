"""Actions on a video's page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.site import Site


@pytest.fixture(scope="module")
def finished(site: Site) -> list[str]:
    """Pages of ready videos titled "Finished", one for each test."""
    pages: list[str] = site.seed("finished", 7)
    return pages


@pytest.fixture
def ready(page: Page, finished: list[str]) -> Page:
    """Maria's page, showing a ready video."""
    page.goto(finished.pop())
    return page


def test_failure_shows_the_message_from_tavus_and_what_to_do(page: Page, workspace: str) -> None:
    steps.make_video(page, workspace, title="Against the rules", script="Words [[reject]] of anger")
    expect(steps.status(page)).to_have_attribute("data-status", "failed", timeout=steps.RENDERED)
    expect(page.get_by_text("Tavus said: “The script provided violates our community guidelines.”")).to_be_visible()
    expect(page.get_by_text("Edit the script.")).to_be_visible()

    page.get_by_role("button", name="Retry", exact=True).click()
    expect(steps.status(page)).not_to_have_attribute("data-status", "failed")
    expect(steps.status(page)).to_have_attribute("data-status", "failed", timeout=steps.RENDERED)

    page.get_by_role("link", name="Duplicate", exact=True).click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Against the rules (copy)")
    expect(page.get_by_label("Script", exact=True)).to_have_value("Words [[reject]] of anger")
    expect(page.get_by_label("Replica", exact=True)).to_have_value(steps.SANDBOX_REPLICA)


def test_rejected_request_shows_the_message_from_tavus(page: Page, workspace: str) -> None:
    steps.make_video(page, workspace, title="Refused", script="[[invalid]]")

    expect(steps.status(page)).to_have_attribute("data-status", "failed", timeout=steps.SOON)
    expect(page.get_by_text("Tavus said: “Invalid script”")).to_be_visible()
    expect(page.get_by_text("Tavus rejected the request.")).to_be_visible()


def test_lost_response_is_resolved_without_buying_twice(page: Page, workspace: str) -> None:
    steps.make_video(page, workspace, title="Lost", script="[[lost]] Hello.")

    expect(steps.status(page)).to_have_attribute("data-status", "ready", timeout=60_000)


BEYOND_THE_EDGE = """() => [...document.querySelectorAll('main *')]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("width", [320, 390])
def test_share_link_options_fit_on_a_phone(width: int, ready: Page) -> None:
    ready.set_viewport_size({"width": width, "height": 700})
    ready.locator("#share summary").click()
    expect(ready.get_by_label("Allowed sites")).to_be_visible()

    assert ready.evaluate(BEYOND_THE_EDGE) == []


def test_video_can_be_renamed_and_downloaded(ready: Page) -> None:
    ready.get_by_role("link", name="Rename", exact=True).click()
    dialog = steps.dialog(ready, "Rename video")
    dialog.get_by_label("Title", exact=True).fill("Finished & renamed")
    dialog.get_by_role("button", name="Save").click()
    expect(ready.get_by_role("heading", name="Finished & renamed", level=1)).to_be_visible()

    with ready.expect_download() as download:
        ready.get_by_role("link", name="Download", exact=True).click()

    assert download.value.suggested_filename.endswith(".mp4")
    assert download.value.path().stat().st_size > 10_000


def test_delete_asks_first_and_restore_brings_the_share_page_back(ready: Page) -> None:
    address, page = steps.share_address(ready), ready.url
    ready.get_by_role("button", name="Delete", exact=True).click()
    dialog = steps.dialog(ready, "Move to trash?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    ready.get_by_role("button", name="Delete", exact=True).click()
    dialog.get_by_role("button", name="Delete video").click()
    expect(ready.get_by_role("button", name="Undo")).to_be_visible()

    ready.goto(address)
    expect(ready.get_by_role("heading", name="This video isn’t available right now")).to_be_visible()
    ready.goto(page)
    ready.get_by_role("button", name="Restore", exact=True).click()

    expect(steps.status(ready)).to_have_attribute("data-status", "ready")
    ready.goto(address)
    expect(ready.get_by_role("heading", name="This video isn’t available right now")).to_have_count(0)


def test_delete_for_good_says_what_goes_and_empties_the_video(ready: Page) -> None:
    page = ready.url
    ready.get_by_role("button", name="Delete", exact=True).click()
    steps.dialog(ready, "Move to trash?").get_by_role("button", name="Delete video").click()
    expect(ready.get_by_role("button", name="Undo")).to_be_visible()
    ready.goto(page)
    ready.get_by_role("link", name="Delete for good").click()
    expect(ready.get_by_text("The video and its files at Tavus")).to_be_visible()

    ready.get_by_role("button", name="Delete for good").click()

    expect(steps.status(ready)).to_have_attribute("data-status", "deleted", timeout=steps.SOON)
    expect(ready.get_by_text("All done.")).to_be_hidden()


def test_copy_link_puts_the_url_on_the_clipboard(ready: Page) -> None:
    ready.context.grant_permissions(["clipboard-read", "clipboard-write"])
    address = steps.share_address(ready)

    ready.get_by_role("button", name="Copy link", exact=True).click()

    expect(ready.get_by_text("Copied")).to_be_visible()
    assert ready.evaluate("navigator.clipboard.readText()") == address
