"""Our own player and a workspace's branding in a stranger's browser."""

import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PATIENCE
from tests.browser.faults import NewContext
from tests.browser.site import Site
from tests.browser.test_accessibility import AXE, DESKTOP, PHONE, SCHEMES, grave
from tests.sharing.test_branding import png

MUX = "https://stream.mux.com"
MEDIA = Path(__file__).with_name("media") / "hls"
CORS = {"Access-Control-Allow-Origin": "*", "Accept-Ranges": "bytes"}
NARROW = {"width": 320, "height": 700}


@pytest.fixture(scope="module")
def branded(site: Site) -> dict[str, str]:
    made: dict[str, str] = site.seed("branded", base64.b64encode(png(400, 80)).decode(), module="share_seeds")
    return made


@pytest.fixture
def page(new_context: NewContext) -> Page:
    return new_context(viewport=DESKTOP).new_page()


# What browsers report of a video for a moment before they begin to load it.
NOT_YET_LOADING = """(() => {
    const { get } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "networkState");
    Object.defineProperty(HTMLMediaElement.prototype, "networkState", {
        get() { return window.isLoading ? get.call(this) : HTMLMediaElement.NETWORK_NO_SOURCE; },
    });
    window.addEventListener("load", () => { window.isLoading = true; });
})()"""


def answer_as_mux(route: Route) -> None:
    """Serve the recorded stream as a host on another origin does, ranges included."""
    content = (MEDIA / Path(urlsplit(route.request.url).path).name).read_bytes()
    kind = "application/vnd.apple.mpegurl" if route.request.url.endswith(".m3u8") else "video/mp4"
    headers = CORS | {"Content-Type": kind}
    if asked := re.fullmatch(r"bytes=(\d+)-(\d+)", route.request.headers.get("range", "")):
        first, last = map(int, asked.groups())
        headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
        route.fulfill(status=206, headers=headers, body=content[first : last + 1])
    else:
        route.fulfill(headers=headers, body=content)


def state(page: Page, what: str) -> Any:
    return page.evaluate(f"document.querySelector('video').{what}")


def test_it_begins_at_the_moment_in_the_address(page: Page, branded: dict[str, str]) -> None:
    page.goto(f"{branded['full']}?t=3")

    page.wait_for_function("document.querySelector('video').readyState >= 1")
    page.wait_for_function("Math.abs(document.querySelector('video').currentTime - 3) < 0.5")


def test_speed_keys_and_transcript_work(page: Page, branded: dict[str, str]) -> None:
    page.goto(branded["full"])
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    page.locator("video").focus()
    speed = page.get_by_label("Speed")
    expect(speed).to_be_visible()

    speed.select_option("1.5")
    assert state(page, "playbackRate") == 1.5
    page.locator("video").focus()
    page.keyboard.press("c")
    page.wait_for_function("[...document.querySelector('video').textTracks].some((track) => track.mode === 'showing')")
    page.get_by_text("Transcript", exact=True).click()
    page.get_by_role("link", name="0:05").click()
    page.wait_for_function("document.querySelector('video').currentTime >= 4.9")


def test_frame_takes_its_place_when_the_file_cannot_be_played(new_context: NewContext, branded: dict[str, str]) -> None:
    page = new_context(viewport=DESKTOP).new_page()

    page.goto(branded["broken"])

    expect(page.locator("iframe")).to_be_visible()
    assert page.locator("video[data-player]").count() == 0


class TestStream:
    """Videos for which Tavus gives nothing but an HLS stream."""

    @pytest.fixture
    def page(self, browser: Browser, site: Site) -> Iterator[Page]:
        with browser.new_context(base_url=site.url, viewport=DESKTOP) as context:
            context.set_default_timeout(PATIENCE)
            # Firefox, and Chromium before version 142: no HLS of their own.
            context.add_init_script("HTMLMediaElement.prototype.canPlayType = () => '';")
            yield context.new_page()

    def test_it_plays_in_a_browser_that_has_no_hls_of_its_own(self, page: Page, branded: dict[str, str]) -> None:
        page.route(f"{MUX}/**", answer_as_mux)

        page.goto(f"{branded['stream']}?t=1")

        page.wait_for_function("() => document.querySelector('video').readyState >= 2")
        page.evaluate("document.querySelector('video').muted = true")
        page.locator("video").focus()
        expect(page.get_by_label("Speed")).to_be_visible()
        page.keyboard.press("k")
        page.wait_for_function("() => document.querySelector('video').currentTime > 1.2")
        assert page.locator("iframe").count() == 0

    def test_hosted_page_takes_over_when_the_stream_is_gone(self, page: Page, branded: dict[str, str]) -> None:
        page.route(f"{MUX}/**", lambda route: route.fulfill(status=404, headers=CORS))

        page.goto(branded["stream"])

        expect(page.locator("iframe")).to_be_visible(timeout=3 * PATIENCE)

    def test_library_is_not_loaded_for_a_file(self, page: Page, branded: dict[str, str]) -> None:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        page.goto(branded["full"])
        page.wait_for_function("() => document.querySelector('video').readyState >= 1")

        assert [url for url in asked if "hls" in url] == []


def test_player_stays_while_its_video_has_yet_to_load(new_context: NewContext, branded: dict[str, str]) -> None:
    page = new_context(viewport=DESKTOP, bypass_csp=True).new_page()
    page.add_init_script(NOT_YET_LOADING)

    page.goto(branded["full"])
    page.wait_for_function("performance.now() > 2000")

    assert page.locator("video[data-player]").count() == 1


def test_other_player_is_chosen_without_scripts(new_context: NewContext, branded: dict[str, str]) -> None:
    page = new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(branded["full"])
    expect(page.locator("video")).to_be_visible()

    page.get_by_role("link", name="Video not playing?").click()

    expect(page.frame_locator("iframe").locator("video")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP], ids=["320", "phone", "desktop"])
def test_branded_page_fits_and_is_accessible(
    scheme: Any, viewport: Any, new_context: NewContext, branded: dict[str, str]
) -> None:
    page = new_context(viewport=viewport, color_scheme=scheme, bypass_csp=True).new_page()
    page.goto(branded["full"])
    page.get_by_text("Transcript", exact=True).click()
    expect(page.get_by_role("img", name="Northwind Studio")).to_be_visible()
    expect(page.get_by_label("Speed")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.evaluate(AXE)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{viewport['width']}-{scheme}.png", full_page=True)
    assert grave(page, scheme, viewport) == []
