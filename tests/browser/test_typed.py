"""Typed text is never lost: no network, no session, two windows, another person, signing out."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import steps
from tests.browser.site import OWNER, PASSWORD, Site

Visit = Callable[..., BrowserContext]


@pytest.fixture
def visit(browser: Browser, site: Site, maria_is_signed_in: Any) -> Any:
    """A context of Maria's in which requests may fail: these tests cut the network or end the session."""
    contexts = []

    def make(**options: Any) -> BrowserContext:
        given = {"base_url": site.url, "locale": "en-GB", "storage_state": maria_is_signed_in} | options
        context = browser.new_context(**given)
        context.set_default_timeout(8_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def form(visit: Visit, workspace: str) -> Page:
    page = visit().new_page()
    page.goto(f"{workspace}videos/new/")
    return page


def kept(page: Page) -> list[dict[str, Any]]:
    found: list[str] = page.evaluate(
        "Object.entries(localStorage).filter(([k]) => k.startsWith('tavusweb:kept:')).map(([, v]) => v)"
    )
    return [json.loads(each) for each in found]


def expect_nothing_kept(page: Page) -> None:
    """Wait until the browser's storage is cleared, which its script does once the page is loaded."""
    page.wait_for_function("Object.keys(localStorage).every((key) => !key.startsWith('tavusweb:kept:'))")


def state(page: Page) -> Any:
    return page.locator("#draft_state")


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def sign_in_here(page: Page, email: str = OWNER) -> None:
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def script(page: Page) -> Any:
    return page.get_by_label("Script", exact=True)


def test_text_typed_offline_is_kept_and_saved_once_online(form: Page) -> None:
    form.context.set_offline(True)
    steps.fill_video(form, title="On a train", script="In a tunnel.")
    expect(state(form)).to_contain_text("kept in this browser")
    assert [each["title"] for each in kept(form)] == ["On a train"]

    form.context.set_offline(False)

    expect(state(form)).to_have_text("Draft saved")
    assert kept(form) == []


def test_text_of_a_closed_window_is_offered_again(form: Page, workspace: str) -> None:
    context = form.context
    context.set_offline(True)
    steps.fill_video(form, title="Cut off", script="Before the lid was closed.")
    expect(state(form)).to_contain_text("kept in this browser")
    form.close()
    context.set_offline(False)

    page = context.new_page()
    page.goto(workspace)
    expect(page.locator("#kept")).to_contain_text("Cut off")
    page.locator("#kept").get_by_role("link", name="Restore").click()

    expect(script(page)).to_have_value("Before the lid was closed.")
    expect(page.get_by_label("Replica", exact=True)).to_have_value(steps.SANDBOX_REPLICA)
    expect(state(page)).to_have_text("Draft saved")
    assert kept(page) == []


def test_session_that_ends_while_typing_is_reported_and_loses_nothing(form: Page, workspace: str) -> None:
    end_session(form)
    steps.fill_video(form, title="Long lunch", script="Written before lunch.")
    expect(state(form)).to_contain_text("signed out")

    steps.generate(form)

    expect(form.get_by_role("heading", name="You’re signed out")).to_be_visible()
    expect(form.get_by_label("Your text")).to_have_value("Written before lunch.")
    form.goto(workspace)
    sign_in_here(form)
    form.locator("#kept").get_by_role("link", name="Restore").click()
    expect(script(form)).to_have_value("Written before lunch.")
    steps.generate(form)
    expect(form.get_by_role("heading", name="Long lunch", level=1)).to_be_visible()
    expect_nothing_kept(form)


def test_signing_in_in_another_tab_lets_the_first_save_again(form: Page, workspace: str) -> None:
    end_session(form)
    steps.fill_video(form, title="Two tabs", script="Hello.")
    expect(state(form)).to_contain_text("signed out")

    other = form.context.new_page()
    other.goto(workspace)
    sign_in_here(other)
    expect(other.get_by_role("heading", name="Videos", level=1)).to_be_visible()

    expect(state(form)).to_have_text("Draft saved", timeout=steps.SOON)
    assert kept(form) == []


def test_another_person_is_never_offered_the_text(form: Page, workspace: str, site: Site) -> None:
    theirs = site.seed("rival")
    end_session(form)
    steps.fill_video(form, title="Maria’s secret", script="For Maria alone.")
    expect(state(form)).to_contain_text("signed out")

    other = form.context.new_page()
    other.goto(workspace)
    sign_in_here(other, "zoe@example.com")
    other.goto(theirs)
    expect(other.get_by_role("heading", name="Videos", level=1)).to_be_visible()

    expect(other.locator("#kept .alert")).to_have_count(0)
    other.goto(f"{theirs}videos/new/")
    expect(other.locator("#kept .alert")).to_have_count(0)
    assert [each["title"] for each in kept(form)] == ["Maria’s secret"]
    other.get_by_role("button", name="your account").click()
    other.get_by_role("button", name="Sign out", exact=True).click()  # no question: Zoe has no unsaved text
    other.goto(workspace)
    sign_in_here(other)
    expect(other.locator("#kept")).to_contain_text("Maria’s secret")


def test_signing_out_asks_about_unsaved_text_and_deletes_it(visit: Visit, workspace: str) -> None:
    form = visit(storage_state=None).new_page()
    steps.sign_in(form)  # a separate session, ended below
    form.goto(f"{workspace}videos/new/")
    form.context.set_offline(True)
    steps.fill_video(form, title="Unsaved", script="Only here.")
    expect(state(form)).to_contain_text("kept in this browser")
    form.context.route("**/draft/", lambda route: route.abort())
    form.context.set_offline(False)
    form.get_by_role("button", name="your account").click()
    form.get_by_role("button", name="Sign out", exact=True).click()
    question = steps.dialog(form, "Sign out and discard unsaved text?")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    assert [each["title"] for each in kept(form)] == ["Unsaved"]

    form.get_by_role("button", name="your account").click()
    form.get_by_role("button", name="Sign out", exact=True).click()
    question.get_by_role("button", name="Sign out and discard").click()

    expect(form.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert kept(form) == []


def test_unsaved_text_is_deleted_after_seven_days(form: Page, workspace: str) -> None:
    form.context.set_offline(True)
    steps.fill_video(form, title="Old", script="Long ago.")
    expect(state(form)).to_contain_text("kept in this browser")
    form.context.set_offline(False)
    form.evaluate(
        """days => { for (const key of Object.keys(localStorage)) if (key.startsWith("tavusweb:kept:")) {
          const entry = JSON.parse(localStorage[key]);
          localStorage[`${key.slice(0, -36)}00000000-0000-4000-8000-000000000000`] =
            JSON.stringify({ ...entry, at: Date.now() - days * 86400e3, title: "Last week" });
        } }""",
        8,
    )

    form.goto(workspace)

    expect(form.get_by_role("heading", name="Videos", level=1)).to_be_visible()
    assert "Last week" not in [each["title"] for each in kept(form)]


def test_two_windows_of_one_draft_keep_both_versions(form: Page, workspace: str) -> None:
    steps.fill_video(form, title="Shared draft", script="First paragraph.")
    expect(state(form)).to_have_text("Draft saved")
    first = form
    first.reload()
    second = form.context.new_page()
    second.goto(first.url)
    script(second).fill("First paragraph.\n\nSecond paragraph.")
    expect(state(second)).to_have_text("Draft saved")

    first.get_by_label("Title", exact=True).fill("Another title")
    expect(state(first)).to_contain_text("changed in another window")
    first.locator("#draft_state").get_by_role("link", name="Compare versions").click()

    expect(first.locator("[data-mine]").first).to_contain_text("Another title")
    expect(first.locator("[data-theirs]").last).to_contain_text("Second paragraph.")
    first.get_by_role("button", name="Keep both as drafts").click()
    steps.go_to(first, "Videos")
    expect(steps.row(first, "Another title")).to_be_visible()
    steps.row(first, "Shared draft").get_by_role("link").click()
    expect(script(first)).to_have_value("First paragraph.\n\nSecond paragraph.")


def test_generate_in_a_second_window_saves_its_text_as_a_new_draft(form: Page) -> None:
    steps.fill_video(form, title="Once", script="The first text.")
    expect(state(form)).to_have_text("Draft saved")
    second = form.context.new_page()
    second.goto(form.url)
    steps.generate(form)
    expect(form.get_by_role("heading", name="Once", level=1)).to_be_visible()

    script(second).fill("The second text.")
    steps.generate(second)

    expect(second.get_by_role("heading", name="This draft was already generated in another window")).to_be_visible()
    expect(second.get_by_label("Your text")).to_have_value("The second text.")
    second.get_by_role("link", name="Open your draft").click()
    expect(script(second)).to_have_value("The second text.")
    form.reload()
    expect(form.get_by_text("The first text.").first).to_be_visible()


def test_going_back_right_after_generate_shows_no_partial_form(form: Page) -> None:
    steps.fill_video(form, title="Quick", script="At once.")
    steps.generate(form)
    expect(form.get_by_role("heading", name="Quick", level=1)).to_be_visible()

    form.go_back()

    expect(form.get_by_role("heading", level=1)).to_be_visible()
    if form.get_by_role("button", name="Generate", exact=True).is_visible():
        values = [form.get_by_label(name, exact=True).input_value() for name in ("Title", "Replica", "Script")]
        assert values in (["", "", ""], ["Quick", steps.SANDBOX_REPLICA, "At once."])


@pytest.mark.parametrize("javascript", [True, False])
def test_expired_csrf_token_returns_the_form_to_send_again(javascript: bool, visit: Visit, workspace: str) -> None:
    page = visit(java_script_enabled=javascript).new_page()
    page.goto(f"{workspace}videos/new/")
    steps.fill_video(page, title="Old form", script="Typed for an hour.")
    page.context.clear_cookies(name="csrftoken")

    steps.generate(page)

    expect(page.get_by_role("heading", name="This form has expired")).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value("Typed for an hour.")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", name="Old form", level=1)).to_be_visible()
