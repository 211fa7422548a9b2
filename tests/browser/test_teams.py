"""People join a workspace, meet its sign-in requirements and leave, in a real browser with pages open."""

import itertools
import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.faults import NewContext
from tests.browser.site import Site

_numbers = itertools.count(1)


@pytest.fixture
def email() -> str:
    return f"nora{next(_numbers)}@example.com"


@pytest.fixture
def nora(site: Site, new_context: NewContext, workspace: str, email: str) -> Page:
    """A page of Nora, an admin of `workspace`."""
    site.seed("member", workspace, email, "admin")
    page = new_context().new_page()
    steps.sign_in(page, email)
    return page


def test_newcomer_joins_with_a_copied_link_without_javascript(
    page: Page, workspace: str, email: str, new_context: NewContext
) -> None:
    page.goto(f"{workspace}members/")
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Role", exact=True).select_option("editor")
    page.get_by_role("button", name="Invite", exact=True).click()
    link = page.get_by_label("Invitation link").input_value()

    newcomer = new_context(java_script_enabled=False).new_page()
    newcomer.goto(link)
    newcomer.get_by_label("Your name", exact=True).fill("Nora")
    newcomer.get_by_label("Password", exact=True).fill("short")
    newcomer.get_by_role("button", name="Join Team").click()
    expect(newcomer.get_by_label("Password", exact=True)).to_be_focused()
    expect(newcomer.get_by_label("Your name", exact=True)).to_have_value("Nora")
    newcomer.get_by_label("Password", exact=True).fill("long-enough-7")
    newcomer.get_by_role("button", name="Join Team").click()

    expect(newcomer.get_by_text("Welcome to Team.")).to_be_visible()
    expect(newcomer.get_by_role("link", name="New video", exact=True)).to_be_visible()
    newcomer.goto(link)
    expect(newcomer.get_by_role("heading", name="Videos", level=1)).to_be_visible()


def test_removed_member_is_redirected_from_an_open_library(
    page: Page, workspace: str, email: str, nora: Page, site: Site, browser: Browser
) -> None:
    steps.make_video(page, workspace, title="Slow one", script="[[slow]] Hello.")
    # Her page requests what is then refused, which counts as a fault in any other test.
    with browser.new_context(base_url=site.url, storage_state=nora.context.storage_state()) as context:
        library = context.new_page()
        library.goto(f"{workspace}videos/")
        expect(library.locator("[data-video]")).to_have_count(1)

        site.seed("remove", email)

        expect(library.get_by_role("heading", name="Page not found")).to_be_visible(timeout=steps.SOON)
        expect(library.get_by_text("Slow one")).to_have_count(0)


def test_member_who_loses_the_role_while_writing_keeps_the_script(
    workspace: str, email: str, nora: Page, site: Site
) -> None:
    nora.goto(f"{workspace}videos/new/")
    steps.fill_video(nora, title="Hours of work", script="Hello, and")
    expect(nora.get_by_text("Draft saved")).to_be_visible()
    site.seed("role", email, "viewer")

    steps.generate(nora)

    expect(nora.get_by_role("heading", name="Your role doesn’t allow this")).to_be_visible()
    expect(nora.get_by_label("Your text")).to_have_value("Hello, and")


def test_required_two_factor_setup_returns_to_the_requested_page(workspace: str, nora: Page, site: Site) -> None:
    site.seed("require", workspace, "two_factor")

    nora.goto(f"{workspace}replicas/")
    expect(nora.get_by_text("Team requires two-factor authentication.")).to_be_visible()
    nora.get_by_role("link", name="Set up authenticator app").click()
    secret = nora.get_by_label("Or enter this setup key in the app").input_value()
    nora.get_by_label("Authenticator code", exact=True).fill(code_of(secret))
    nora.get_by_role("button", name="Turn on").click()
    expect(nora.get_by_role("heading", name="Recovery codes")).to_be_visible()
    nora.get_by_role("link", name="Continue to Team").click()

    expect(nora.get_by_role("heading", name="Replicas", level=1)).to_be_visible()


def test_reauthentication_while_adding_a_key_keeps_the_other_fields(
    workspace: str, email: str, nora: Page, site: Site
) -> None:
    nora.goto(f"{workspace}keys/add/")
    nora.get_by_label("Name", exact=True).fill("Agency")
    nora.get_by_label("API key", exact=True).fill("tavus-key-123456")
    site.seed("an_hour_later", email)

    nora.get_by_role("button", name="Add API key").click()
    nora.get_by_label("Password", exact=True).fill(steps.PASSWORD)
    nora.get_by_role("button", name="Continue").click()

    expect(nora.get_by_label("Name", exact=True)).to_have_value("Agency")
    expect(nora.get_by_text("passwords and keys are not kept")).to_be_visible()
    expect(nora.get_by_label("API key", exact=True)).to_be_focused()
    nora.get_by_label("Sandbox", exact=True).check()
    nora.get_by_role("button", name="Add API key").click()
    expect(nora.get_by_text("Agency: Key works.")).to_be_visible()


def test_reauthentication_while_replacing_a_key_returns_to_the_form(
    workspace: str, email: str, nora: Page, site: Site
) -> None:
    nora.goto(f"{workspace}keys/")
    nora.get_by_role("link", name="Manage Practice").click()
    site.seed("an_hour_later", email)

    for step in ("asked", "answered"):
        nora.get_by_label("API key", exact=True).fill("sandbox-another")
        nora.get_by_role("button", name="Replace", exact=True).click()
        if step == "asked":
            nora.get_by_label("Password", exact=True).fill(steps.PASSWORD)
            nora.get_by_role("button", name="Continue").click()
            expect(nora.get_by_label("API key", exact=True)).to_be_focused()

    expect(nora.get_by_text("Practice: Key works.")).to_be_visible()
    expect(nora).to_have_url(re.compile("/keys/"))


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
