"""User actions, by the labels on the controls."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.site import OWNER, PASSWORD

SANDBOX_REPLICA = "r5a11d0b0c01"  # "My replica", which every sandbox key has
SOON = 15_000  # ms: a step that includes the worker
RENDERED = 40_000  # ms: from Generate to ready, on a busy machine


def sign_in(page: Page, email: str = OWNER, password: str = PASSWORD) -> None:
    page.goto("/")
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/w/|/workspaces/"))


def go_to(page: Page, section: str) -> None:
    page.get_by_role("navigation", name="Workspace").get_by_role("link", name=section, exact=True).click()


def create_workspace(page: Page, name: str) -> str:
    """Create a workspace; return its path."""
    page.goto("/workspaces/new/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Create workspace").click()
    page.wait_for_url(re.compile("/w/"))
    return re.search("/w/[^/]+/", page.url)[0]  # type: ignore[index]


def add_sandbox_key(page: Page, name: str = "Practice", secret: str = "") -> None:
    go_to(page, "API keys")
    page.get_by_role("link", name="Add API key", exact=True).first.click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("API key", exact=True).fill(secret)
    page.get_by_label("Sandbox", exact=True).check()
    page.get_by_role("button", name="Add API key", exact=True).click()


def fill_video(page: Page, *, title: str, script: str, replica: str = SANDBOX_REPLICA) -> None:
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Replica", exact=True).fill(replica)
    page.get_by_label("Script", exact=True).fill(script)


def unfold(page: Page, part: str) -> None:
    """Open a folded part of the video form: Background, Watermark or Rendering."""
    page.locator("details.option > summary").filter(has_text=part).click()


def speak_from(page: Page, choice: str) -> None:
    page.get_by_role("radio", name=f"Speak from a {choice.lower()}").check()


def generate(page: Page) -> None:
    page.get_by_role("button", name="Generate", exact=True).click()


def make_video(page: Page, workspace: str, *, title: str, script: str, replica: str = SANDBOX_REPLICA) -> None:
    page.goto(f"{workspace}videos/new/")
    fill_video(page, title=title, script=script, replica=replica)
    generate(page)
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def status(page: Page) -> Locator:
    return page.locator("main [data-status]").first


def row(page: Page, title: str) -> Locator:
    return page.locator("[data-video]").filter(has_text=title)


def dialog(page: Page, title: str) -> Locator:
    """Return an open dialog's content; the element itself has no size, so it is never visible."""
    return page.locator("dialog[open]").filter(has=page.get_by_role("heading", name=title))


def share_address(page: Page) -> str:
    """Create a share link on the video's page; return its URL."""
    page.get_by_role("button", name="Create share link", exact=True).click()
    return page.get_by_label("Share link", exact=True).input_value()
