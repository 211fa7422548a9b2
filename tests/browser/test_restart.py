"""A real restart of the server, and a real end of a session, under a filled form; over plain HTTP as on an office network."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserType, Page, expect

from tests.browser import steps
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.site import Site

HOST = "portal.office"  # for browsers no secure context, unlike localhost


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("restarted"), ALLOWED_HOSTS=HOST)
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, own_site: Site, browser_type: BrowserType) -> Iterator[Page]:
    """Maria's form, filled in, at the server's name on the network."""
    address = own_site.url.replace("127.0.0.1", HOST)
    resolved = f"--host-resolver-rules=MAP {HOST} 127.0.0.1"
    browser = browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, resolved])
    context = browser.new_context(base_url=address, locale="en-GB", java_script_enabled=request.param)
    page = context.new_page()
    steps.sign_in(page)
    workspace = steps.create_workspace(page, "Restarted")
    steps.add_sandbox_key(page)
    page.goto(f"{workspace}videos/new/")
    yield page
    browser.close()


def fill(page: Page) -> None:
    steps.fill_video(page, title="Through the restart", script="Typed <before>\n\nand kept.")


def test_form_is_sent_across_a_restart(page: Page, own_site: Site) -> None:
    fill(page)

    own_site.restart()
    steps.generate(page)

    expect(page.get_by_role("heading", name="Through the restart", level=1)).to_be_visible()
    expect(page.get_by_text("Typed <before>").first).to_be_visible()


def test_form_sent_while_the_server_is_down_is_not_lost(
    page: Page, own_site: Site, request: pytest.FixtureRequest
) -> None:
    form = page.url
    own_site.stop()
    fill(page)
    steps.generate(page)
    page.wait_for_url("chrome-error://**")
    own_site.start()

    if request.node.callspec.id.startswith("no scripts"):
        page.reload()  # sends the form again
    else:
        page.goto(form)
        page.locator("#kept").get_by_role("link", name="Restore").click()
        expect(page.get_by_label("Script", exact=True)).to_have_value("Typed <before>\n\nand kept.")
        steps.generate(page)

    expect(page.get_by_role("heading", name="Through the restart", level=1)).to_be_visible()


def test_session_that_ended_gives_the_form_back_on_plain_http(page: Page) -> None:
    fill(page)
    page.context.clear_cookies(name="sessionid")

    steps.generate(page)

    expect(page.get_by_role("heading", name="You’re signed out")).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value("Typed <before>\n\nand kept.")
    other = page.context.new_page()
    steps.sign_in(other)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", name="This form has expired")).to_be_visible()  # signing in made a new token
    expect(page.get_by_label("Your text")).to_have_value("Typed <before>\n\nand kept.")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", name="Through the restart", level=1)).to_be_visible()


def test_expired_form_is_given_back_on_plain_http(page: Page) -> None:
    fill(page)
    page.context.clear_cookies(name="csrftoken")

    steps.generate(page)

    expect(page.get_by_role("heading", name="This form has expired")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", name="Through the restart", level=1)).to_be_visible()
