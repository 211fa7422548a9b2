"""The inbox in a browser: by keyboard, with its number live, on a phone, and what the browser itself tells."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.faults import NewContext
from tests.browser.site import Site

TELL = """
import json
from tavusweb.notify.actions import tell
from tavusweb.notify.kinds import Kind
from tavusweb.workspaces.models import Workspace
workspace = Workspace.objects.get(slug={slug!r})
owner = workspace.memberships.get(role="owner").user
for name in {names!r}:
    tell([owner], Kind.APPROVED, workspace=workspace, subject_key=f"{{workspace.slug}}:{{name}}", about=f"thing:{{name}}",
         url=f"/w/{{workspace.slug}}/videos/", data={{"title": "Launch", "name": name}})
"""


def tell(site: Site, workspace: str, *names: str) -> None:
    slug = workspace.strip("/").split("/")[1]
    site._python("manage.py", "shell", "--verbosity", "0", "-c", TELL.format(slug=slug, names=list(names)))


def line(name: str) -> str:
    return f"{name} approved “Launch”"


def test_keys_move_close_and_mute_and_the_number_follows(site: Site, workspace: str, page: Page) -> None:
    tell(site, workspace, "Ada", "Bea", "Cleo")
    page.goto(f"{workspace}inbox/")
    count = page.locator("#inbox_count .badge")
    expect(count).to_have_text("3")

    page.get_by_role("link", name=line("Cleo")).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name=line("Bea"))).to_be_focused()
    page.keyboard.press("e")
    expect(page.get_by_role("link", name=line("Bea"))).to_have_count(0)
    expect(count).to_have_text("2")
    expect(page.get_by_role("link", name=line("Ada"))).to_be_focused()
    page.keyboard.press("m")
    expect(page.get_by_role("link", name=line("Ada"))).to_have_count(0)
    page.get_by_role("button", name="Undo").last.click()

    expect(page.get_by_role("link", name=line("Ada"))).to_be_visible()
    expect(count).to_have_text("2")


def test_opening_marks_as_read(site: Site, workspace: str, page: Page) -> None:
    tell(site, workspace, "Ada")
    page.goto(f"{workspace}inbox/")

    with page.expect_request(lambda request: request.url.endswith("/read/")):
        page.get_by_role("link", name=line("Ada")).click()
    expect(page.get_by_role("heading", name="Videos", exact=True)).to_be_visible()

    page.goto(f"{workspace}inbox/?show=unread")
    expect(page.get_by_text("Nothing here")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390])
def test_phone_shows_every_row_without_scrolling_sideways(
    width: int, site: Site, workspace: str, as_maria: NewContext
) -> None:
    tell(site, workspace, "Donaudampfschifffahrtsgesellschaftskapitänspatentverlängerungsantragsformular")
    page = as_maria(viewport={"width": width, "height": 700}).new_page()

    for address in (f"{workspace}inbox/", "/account/notifications/"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_browser_tells_once_and_only_after_permission(site: Site, workspace: str, as_maria: NewContext) -> None:
    context = as_maria(permissions=["notifications"])
    page = context.new_page()
    page.add_init_script(
        "window.told = []; window.Notification = class { static permission = 'granted';"
        " constructor(text, options) { window.told.push([text, options.tag]); } };"
    )
    page.goto(f"{workspace}inbox/")
    tell(site, workspace, "Ada")

    for _ in range(2):
        with page.expect_response(lambda response: "/inbox/live/" in response.url):
            page.evaluate("htmx.trigger('#inbox_count', 'seen')")
        expect(page.locator("#inbox_count .badge")).to_have_text("1")

    page.wait_for_function("window.told.length > 0")
    told = json.loads(page.evaluate("JSON.stringify(window.told)"))
    assert [text for text, _tag in told] == [line("Ada")]


def test_without_scripts_every_act_works(site: Site, workspace: str, as_maria: NewContext) -> None:
    tell(site, workspace, "Ada")
    page = as_maria(java_script_enabled=False).new_page()
    page.goto(f"{workspace}inbox/")

    page.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.get_by_text("Closed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name=line("Ada"))).to_be_visible()
