"""Work in the library: trash, selection, folders and tags, views, the row's menu and the keyboard, at phone and desktop."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.site import Site

SIZES = {"phone": {"width": 390, "height": 780}, "desktop": {"width": 1280, "height": 800}}


@pytest.fixture(params=SIZES)
def library(request: pytest.FixtureRequest, page: Page, site: Site) -> Page:
    """A workspace with one of everything, made anew: these tests delete."""
    page.set_viewport_size(SIZES[request.param])
    page.goto(f"{site.seed('stocked')}videos/")
    return page


def tick(page: Page, *titles: str) -> None:
    for title in titles:
        page.get_by_role("checkbox", name=f"Select {title}", exact=True).check()


def shown(page: Page) -> list[str]:
    return page.locator("[data-video] h2").all_inner_texts()


def test_selected_videos_go_to_the_trash_and_undo_brings_them_back(library: Page) -> None:
    before = shown(library)
    bar = library.get_by_role("group", name="Selected videos")
    expect(bar).to_be_hidden()
    tick(library, "Summer offer", "A first try")
    expect(library.get_by_text("2 selected")).to_be_visible()
    bar.get_by_role("button", name="Delete", exact=True).click()
    expect(steps.row(library, "Summer offer")).to_have_count(0)

    library.get_by_role("button", name="Undo").click()

    expect(steps.row(library, "Summer offer")).to_have_count(1)
    assert shown(library) == before


def test_trash_restores_and_deletes_for_good(library: Page) -> None:
    tick(library, "Summer offer", "A first try")
    library.get_by_role("button", name="Delete", exact=True).click()
    library.get_by_role("navigation", name="Status").get_by_role("link", name="Trash", exact=True).click()
    tick(library, "Summer offer")
    library.get_by_role("button", name="Restore", exact=True).click()
    expect(steps.row(library, "Summer offer")).to_have_count(0)

    tick(library, "A first try")
    library.get_by_role("button", name="Delete for good", exact=True).click()
    expect(library.get_by_role("heading", name="Delete for good?")).to_be_visible()
    library.get_by_role("button", name="Delete for good").click()

    expect(library.get_by_role("heading", name="The trash is empty")).to_be_visible()


def test_tag_and_folder_filter_the_library(library: Page) -> None:
    tick(library, "Summer offer")
    library.get_by_label("Tag", exact=True).last.fill("Season")
    library.get_by_role("button", name="Add tag").click()
    tick(library, "Summer offer")
    library.get_by_label("Folder", exact=True).last.fill("Launch")
    library.get_by_label("Folder", exact=True).last.press("Enter")
    expect(steps.row(library, "Summer offer").get_by_text("Launch")).to_be_visible()
    expect(steps.row(library, "Summer offer").get_by_text("Season")).to_be_visible()

    library.get_by_role("link", name="Folders and tags").click()
    expect(library.get_by_role("heading", name="Folders and tags", level=1)).to_be_visible()
    library.locator("summary").filter(has_text="Season").click()
    library.get_by_role("link", name="Show videos Season").click()

    expect(library.locator("[data-video]")).to_have_count(1)


def test_shift_selects_a_range_and_page_selects_all(library: Page) -> None:
    boxes = library.locator("[name=video]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(library.locator("[name=video]:checked")).to_have_count(3)

    library.get_by_label(re.compile("selected$")).check()

    expect(library.locator("[name=video]:checked")).to_have_count(boxes.count())


def test_view_is_remembered(library: Page) -> None:
    expect(library.locator("[data-view=grid]")).to_be_visible()

    library.get_by_role("link", name="List", exact=True).click()
    library.goto(library.url.partition("?")[0])

    expect(library.locator("[data-view=list]")).to_be_visible()
    tick(library, "Summer offer")  # the link that covers the row leaves it free


def test_row_menu_retries_and_closes_on_escape(library: Page) -> None:
    menu = steps.row(library, "Summer offer").get_by_label("Actions for Summer offer")
    menu.click()
    duplicate = steps.row(library, "Summer offer").get_by_role("link", name="Duplicate")
    expect(duplicate).to_be_visible()
    library.keyboard.press("Escape")
    expect(duplicate).to_be_hidden()

    menu.click()
    steps.row(library, "Summer offer").get_by_role("button", name="Retry").click()

    expect(library.get_by_role("heading", name="Summer offer", level=1)).to_be_visible()


def test_nothing_overlaps_or_leaves_the_screen(library: Page) -> None:
    for view in ("Grid", "List"):
        library.get_by_role("link", name=view, exact=True).click()
        width = library.evaluate("document.documentElement.clientWidth")
        assert library.evaluate("document.documentElement.scrollWidth") <= width
        overlapping = library.evaluate("""() => {
            const boxes = [...document.querySelectorAll(".filters a")].map((each) => each.getBoundingClientRect());
            return boxes.filter((box, at) => at && box.left < boxes[at - 1].right - 1).length;
        }""")
        assert overlapping == 0
        dates = library.locator("[data-video] time").evaluate_all(
            "times => times.filter((time) => time.getBoundingClientRect().right > innerWidth).length"
        )
        assert dates == 0


def test_keys_move_select_and_open(library: Page) -> None:
    library.locator("#main").focus()
    library.keyboard.press("j")
    library.keyboard.press("j")
    library.keyboard.press("k")
    library.keyboard.press("x")
    expect(library.locator("[name=video]:checked")).to_have_count(1)
    expect(library.locator("[data-video]").first.locator("[name=video]")).to_be_checked()

    library.keyboard.press("?")
    expect(library.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    library.keyboard.press("Escape")
    library.keyboard.press("/")
    expect(library.get_by_label("Search videos")).to_be_focused()
    library.keyboard.type("nj?x")
    expect(library.get_by_label("Search videos")).to_have_value("nj?x")


def test_command_menu_opens_pages_and_finds_videos(library: Page) -> None:
    library.keyboard.press("Control+k")
    words = library.get_by_label("Command or video")
    expect(words).to_be_focused()
    words.fill("summer")
    expect(steps.dialog(library, "Commands").get_by_role("link", name="Summer offer")).to_be_visible()
    words.fill("members")
    library.keyboard.press("Enter")

    expect(library.get_by_role("heading", name="Members", level=1)).to_be_visible()


def test_single_keys_can_be_turned_off(library: Page) -> None:
    library.locator("#main").focus()
    library.keyboard.press("?")
    library.get_by_label("Use single keys in this browser").uncheck()
    library.get_by_role("button", name="Close").click()

    library.keyboard.press("j")
    library.keyboard.press("x")

    expect(library.locator("[name=video]:checked")).to_have_count(0)
