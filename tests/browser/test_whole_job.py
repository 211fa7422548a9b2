"""The whole job from the sign-in page to a stakeholder's phone."""

import re

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.faults import NewContext
from tests.browser.site import Site

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def test_whole_job_from_sign_in_to_a_revoked_share_link(new_context: NewContext, site: Site) -> None:
    page = new_context().new_page()
    steps.sign_in(page)
    steps.create_workspace(page, "Launch team")
    steps.add_sandbox_key(page)
    expect(page.get_by_text("Practice: Key works.")).to_be_visible()

    steps.go_to(page, "Videos")
    page.get_by_role("link", name="New video", exact=True).or_(
        page.get_by_role("link", name="Create your first video")
    ).first.click()
    page.get_by_label("Title", exact=True).fill("Welcome aboard")
    choose_replica(page, "Ada - Office")
    page.get_by_label("Script", exact=True).fill("Hello, and welcome. This is how we start here.")
    steps.generate(page)
    expect(page.get_by_role("heading", name="Welcome aboard", level=1)).to_be_visible()
    seen = progress_until_ready(page)
    assert len(seen) >= 2, seen
    assert seen == sorted(seen)
    address = steps.share_address(page)

    stranger_context = new_context(**PHONE)
    stranger = stranger_context.new_page()
    stranger.goto(address)
    expect(stranger.get_by_role("heading", name="Welcome aboard")).to_be_visible()
    expect(stranger.get_by_text("Launch team")).to_be_visible()
    watch_clip(stranger)
    assert stranger_context.cookies() == []

    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_text("Revoked.")).to_be_visible()
    answer = stranger.reload()
    assert answer
    assert answer.status == 410
    expect(stranger.get_by_role("heading", name="This link no longer works")).to_be_visible()
    assert "/sandbox/" not in stranger.content()
    assert "Welcome aboard" not in stranger.content()


def test_share_page_opened_early_turns_into_the_video_automatically(
    page: Page, workspace: str, new_context: NewContext
) -> None:
    steps.make_video(page, workspace, title="Soon", script="Patience, please.")
    address = steps.share_address(page)

    stranger = new_context(**PHONE).new_page()
    stranger.goto(address)
    stranger.evaluate("window.isSamePage = true")
    expect(stranger.get_by_text("This video is being created.")).to_be_visible()
    assert "/sandbox/" not in stranger.content()

    expect(stranger.locator("iframe")).to_be_visible(timeout=steps.RENDERED)
    watch_clip(stranger)
    assert stranger.evaluate("window.isSamePage")


def choose_replica(page: Page, name: str) -> None:
    page.get_by_role("link", name="Choose a replica").click()
    dialog = steps.dialog(page, "Replicas")
    dialog.get_by_label("Search replicas").fill(name.split()[0])
    dialog.get_by_role("button", name=re.compile(name)).click(timeout=steps.SOON)
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Replica", exact=True)).to_have_value(re.compile("^r[0-9a-f]+$"))


def progress_until_ready(page: Page) -> list[int]:
    """Return every progress shown until the video is ready, without a reload."""
    page.evaluate("""() => {
        window.seen = [];
        new MutationObserver(() => {
            const progress = document.querySelector("main [data-status][data-progress]")?.dataset.progress;
            if (progress !== undefined && seen.at(-1) !== Number(progress)) seen.push(Number(progress));
        }).observe(document.body, {subtree: true, childList: true, attributes: true});
    }""")
    expect(steps.status(page)).to_have_attribute("data-status", "ready", timeout=steps.RENDERED)
    seen: list[int] = page.evaluate("window.seen")
    return seen


def watch_clip(page: Page) -> None:
    """Wait until the embedded player really plays."""
    clip = page.frame_locator("iframe").locator("video")
    expect(clip).to_be_visible()
    seconds = clip.evaluate("""video => new Promise((played, failed) => {
        video.muted = true;
        video.ontimeupdate = () => video.currentTime > 0.3 && played(video.currentTime);
        video.play().catch(failed);
    })""")
    assert seconds > 0.3
    assert clip.evaluate("video => video.videoWidth") > 0
