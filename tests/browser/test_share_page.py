"""The public page in a stranger's browser: every gate, the conversation, revoking and restoring."""

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.faults import NewContext
from tests.browser.mail_sink import MailSink, mail_sink
from tests.browser.site import PASSWORD, Site
from tests.browser.test_accessibility import AXE, DESKTOP, PHONE, SCHEMES, grave

STATES = (
    *("open", "full", "comments", "anonymous", "approval", "password", "watch", "used_up", "email"),
    *("expired", "revoked", "closed", "not_ready", "failed", "deleted"),
)
Link = Callable[..., str]


@pytest.fixture(scope="module")
def states(site: Site) -> dict[str, str]:
    """A ready video and links to it in every state, by name."""
    made: dict[str, str] = site.seed("states", module="share_seeds")
    return made


@pytest.fixture
def link(site: Site, states: dict[str, str]) -> Link:
    """`link(**rules)`: the path of a new link to the ready video."""
    return lambda **rules: site.seed("link", states["pk"], rules, module="share_seeds")


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def stranger(request: Any, new_context: NewContext) -> Page:
    return new_context(viewport=PHONE, java_script_enabled=request.param).new_page()


def is_watching(page: Page) -> None:
    expect(page.frame_locator("iframe").locator("video")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_open_link_plays_and_sets_no_cookie(stranger: Page, states: dict[str, str]) -> None:
    stranger.goto(states["open"])

    is_watching(stranger)
    assert stranger.context.cookies() == []


def test_password_unlocks_the_page(stranger: Page, states: dict[str, str]) -> None:
    stranger.goto(states["password"])
    stranger.get_by_label("Password", exact=True).fill("not this one")
    press(stranger, "Watch")
    expect(stranger.get_by_role("alert")).to_have_text("Wrong password. Passwords are case-sensitive.")

    stranger.get_by_label("Password", exact=True).fill(PASSWORD)
    press(stranger, "Watch")

    is_watching(stranger)


def test_one_visit_uses_one_view_and_reloads_are_free(stranger: Page, link: Link, new_context: NewContext) -> None:
    address = link(view_limit=1)
    stranger.goto(address)
    assert "Ingrid" not in stranger.content()
    press(stranger, "Watch")
    is_watching(stranger)
    stranger.reload()
    is_watching(stranger)

    late = new_context().new_page()
    late.goto(address)

    expect(late.get_by_role("heading", name="This link has been used up")).to_be_visible()


def test_only_allowed_addresses_can_watch(stranger: Page, link: Link) -> None:
    stranger.goto(link(email_rule="any", allowed_addresses="@example.org"))
    stranger.get_by_label("Email", exact=True).fill("eve@example.com")
    press(stranger, "Continue")
    expect(stranger.get_by_role("alert")).to_be_visible()

    stranger.get_by_label("Email", exact=True).fill("ada@example.org")
    press(stranger, "Continue")

    is_watching(stranger)


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, MailSink]]:
    """A separate site whose mail goes to a sink."""
    with mail_sink(tmp_path_factory.mktemp("mail")) as sink:
        site = Site(tmp_path_factory.mktemp("mailing"), **sink.environment)
        try:
            site.start()
            yield site, sink
            assert site.crashes() == []
        finally:
            site.stop()


def test_emailed_code_opens_the_page(mailing: tuple[Site, MailSink], new_context: NewContext) -> None:
    site, sink = mailing
    video = site.seed("ready", module="share_seeds")
    address = site.seed("link", video["pk"], {"email_rule": "confirmed"}, module="share_seeds")
    page = new_context(base_url=site.url).new_page()
    page.goto(address)
    page.get_by_label("Email", exact=True).fill("ada@example.org")
    press(page, "Continue")
    page.get_by_label("Code", exact=True).fill("000000")
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_be_visible()

    mail = sink.next()
    assert mail["To"] == "ada@example.org"
    [code] = re.findall(r"\b\d{6}\b", mail.get_content())
    page.get_by_label("Code", exact=True).fill(code)
    press(page, "Continue")

    is_watching(page)


def test_guest_comments_and_the_owner_replies(stranger: Page, link: Link, page: Page, states: dict[str, str]) -> None:
    stranger.goto(link(comments="named", name="For Ada"))
    stranger.get_by_label("Your name", exact=True).fill("Ada")
    stranger.get_by_label("Comment", exact=True).fill("Is the 14th right?")
    press(stranger, "Send comment")
    expect(stranger.get_by_text("Is the 14th right?")).to_be_visible()

    page.goto(states["video"])
    thread = page.locator(".thread").filter(has_text="Is the 14th right?").last
    thread.locator("summary").click()
    thread.get_by_label("Reply", exact=True).fill("It is.")
    thread.get_by_role("button", name="Send reply").click()
    expect(thread.locator(".as-typed").get_by_text("It is.")).to_be_visible()

    stranger.reload()
    expect(stranger.get_by_text("It is.")).to_be_visible()


def test_approval_is_confirmed_persists_and_ends_when_the_script_changes(
    stranger: Page, link: Link, page: Page, site: Site
) -> None:
    made = site.seed("ready", module="share_seeds")
    stranger.goto(site.seed("link", made["pk"], {"approval": True}, module="share_seeds"))
    standing = stranger.locator("[data-approval]")
    expect(standing).to_have_attribute("data-approval", "none")
    stranger.get_by_label("Your name", exact=True).first.fill("Ada")
    press(stranger, "Approve")
    expect(stranger.get_by_role("heading", name="Approve this video?")).to_be_visible()
    press(stranger, "Approve")
    expect(standing).to_have_attribute("data-approval", "approved")
    page.goto(made["video"])
    expect(page.locator("[data-approval]")).to_have_attribute("data-approval", "approved")

    site.seed("change_script", made["pk"], "Other words.", module="share_seeds")

    stranger.reload()
    expect(standing).to_have_attribute("data-approval", "none")
    page.reload()
    expect(page.locator("[data-approval]")).to_have_attribute("data-approval", "none")


def test_revoked_link_returns_with_undo_and_with_restore(
    page: Page, link: Link, states: dict[str, str], new_context: NewContext
) -> None:
    address = link(name="Twice")
    guest = new_context().new_page()
    row = page.locator("[data-link]").filter(has_text="Twice")
    page.goto(f"{states['workspace']}shared/")
    row.get_by_role("button", name="Revoke").click()
    expect(row.get_by_text("Revoked")).to_be_visible()
    guest.goto(address)
    expect(guest.get_by_role("heading", name="This link no longer works")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(row.get_by_text("Live")).to_be_visible()
    guest.reload()
    is_watching(guest)

    row.get_by_role("button", name="Revoke").click()
    row.get_by_role("button", name="Restore").click()
    expect(row.get_by_text("Live")).to_be_visible()
    guest.reload()
    is_watching(guest)


@pytest.fixture
def other_site() -> Iterator[Callable[[list[str]], str]]:
    """`other_site(parts)`: the origin of a new site whose page consists of these parts."""
    servers = []

    def serve(parts: list[str]) -> str:
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write("".join(parts).encode())

            def log_message(self, *arguments: object) -> None:
                """Log nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_only_allowed_sites_can_embed_the_video(
    browser: Browser, site: Site, states: dict[str, str], other_site: Callable[[list[str]], str]
) -> None:
    blog = ["<!doctype html><title>A blog</title>"]
    allowed, another = other_site(blog), other_site(blog)
    address = site.seed("link", states["pk"], {"embed_sites": allowed}, module="share_seeds")
    blog.append(f"<iframe src='{site.url}{address}embed/' width='640' height='360'></iframe>")

    with browser.new_context() as context:
        page = context.new_page()
        page.goto(allowed)
        expect(page.frame_locator("iframe").locator("iframe")).to_be_visible()
        page.goto(another)
        expect(page.locator("iframe")).to_be_visible()
        assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"]


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible(state: str, states: dict[str, str], new_context: NewContext) -> None:
    page = new_context(viewport=DESKTOP, reduced_motion="reduce").new_page()
    page.goto(states[state])
    page.evaluate(AXE)

    faults = {
        f"{scheme}, {size['width']}": grave(page, scheme, size) for size in (DESKTOP, PHONE) for scheme in SCHEMES
    }

    assert {where: found for where, found in faults.items() if found} == {}
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
