"""Everything works without a mouse, and the focus is never lost."""

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.faults import NewContext
from tests.browser.site import OWNER, PASSWORD

MAX_TABS = 80


def test_video_can_be_generated_with_the_keyboard_alone(new_context: NewContext, workspace: str) -> None:
    page = new_context().new_page()
    page.goto(f"/account/login/?next={workspace}videos/")
    type_into(page, "Email", OWNER)
    type_into(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Videos", level=1)).to_be_visible()

    tab_to(page, page.get_by_role("link", name="New video", exact=True))
    page.keyboard.press("Enter")
    type_into(page, "Title", "By hand")
    type_into(page, "Script", "Hello from the keyboard.")
    type_into(page, "Replica", steps.SANDBOX_REPLICA)
    tab_to(page, page.locator("summary").filter(has_text="Rendering"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Fast render", exact=True))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Generate", exact=True))
    page.keyboard.press("Space")

    expect(page.get_by_role("heading", name="By hand", level=1)).to_be_visible()
    expect(page.get_by_text("Fast render")).to_be_visible()


def test_first_tab_stop_skips_the_navigation(page: Page, workspace: str) -> None:
    page.goto(f"{workspace}keys/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_menus_close_with_escape_and_return_the_focus(page: Page, workspace: str) -> None:
    page.goto(f"{workspace}videos/")
    for name, inside in (("switch workspace", "New workspace"), ("your account", "Account")):
        opener = page.get_by_role("button", name=name)
        tab_to(page, opener)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=inside)).to_be_visible()
        tab_to(page, page.get_by_role("link", name=inside))

        page.keyboard.press("Escape")

        expect(page.get_by_role("link", name=inside)).to_be_hidden()
        expect(opener).to_be_focused()


def test_dialogs_trap_the_focus_and_return_it(page: Page, furnished: dict[str, str]) -> None:
    page.goto(f"{furnished['workspace']}videos/{furnished['ready']}/")
    for opener, name in (
        (page.get_by_role("link", name="Rename", exact=True), "Rename video"),
        (page.locator("#video_actions").get_by_role("button", name="Delete", exact=True), "Move to trash?"),
    ):
        assert_dialog_behaves(page, opener, name)


def test_replica_can_be_chosen_with_the_keyboard(page: Page, furnished: dict[str, str]) -> None:
    page.goto(f"{furnished['workspace']}videos/new/")
    opener = page.get_by_role("link", name="Choose a replica")
    assert_dialog_behaves(page, opener, "Replicas")
    page.keyboard.press("Enter")
    dialog = steps.dialog(page, "Replicas")
    replica = dialog.get_by_role("button", name="Chloe - Lounge")
    expect(replica).to_be_visible(timeout=steps.SOON)

    tab_to(page, replica)
    page.keyboard.press("Enter")

    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Replica", exact=True)).not_to_have_value("")
    expect(page.get_by_role("link", name="Change")).to_be_focused()


def assert_dialog_behaves(page: Page, opener: Locator, name: str) -> None:
    """Check that it opens with Enter, traps the focus, closes with Escape and returns the focus."""
    dialog = steps.dialog(page, name)
    tab_to(page, opener)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading")).to_be_visible()
    expect(dialog.locator(":focus")).to_have_count(1)

    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


def type_into(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the element has the focus."""
    expect(target).to_be_visible()
    for _ in range(MAX_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {target}")
