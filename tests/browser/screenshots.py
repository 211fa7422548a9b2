"""Take the screenshots for the guides on a site with sample data: `python -m tests.browser.screenshots`."""

import base64
import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tavusweb.data_folder import PROJECT
from tests.browser import steps
from tests.browser.site import Site

PICTURES = PROJECT / "docs" / "img"
DESKTOP = {"viewport": {"width": 1200, "height": 720}}
PHONE = {"viewport": {"width": 390, "height": 720}, "device_scale_factor": 1.5, "is_mobile": True, "has_touch": True}

SOMEWHERE_IN_IT = """async () => {
    const video = document.querySelector("video");
    video.muted = true;
    await video.play();
    video.pause();
    const there = new Promise(seeked => { video.onseeked = seeked; });
    video.currentTime = 2.2;
    await there;
}"""


# The browser that takes the screenshots also makes them small.
AS_WEBP = """async png => {
    const blob = await (await fetch(`data:image/png;base64,${png}`)).blob();
    const picture = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const small = await canvas.convertToBlob({type: "image/webp", quality: 0.86});
    const bytes = new Uint8Array(await small.arrayBuffer());
    return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
}"""


def take(browser: Browser, site: Site) -> None:
    """Take each screenshot in light and dark."""
    shared = site.seed("states", module="share_seeds")
    numbers = site.seed("watched", module="visit_seeds")
    shown = site.seed("furnished")  # last: one of its videos is still rendering in the pictures
    library, video = f"{shown['workspace']}videos/", f"{shown['workspace']}videos/{shown['ready']}/"
    pages = {
        "library": (library, DESKTOP),
        "new-video": (f"{library}new/", DESKTOP),
        "video": (video, DESKTOP),
        "share-phone": (shared["full"], PHONE),
        "share": (shared["comments"], DESKTOP),
        "shared-links": (f"{shared['workspace']}shared/", DESKTOP),
        "numbers": (numbers["link"], DESKTOP),
    }
    with browser.new_context(base_url=site.url) as context:
        steps.sign_in(context.new_page())
        signed_in = context.storage_state()
    for scheme, suffix in (("light", ""), ("dark", "-dark")):
        for name, (address, options) in pages.items():
            asked = {"base_url": site.url, "storage_state": signed_in, "color_scheme": scheme, **options}
            with browser.new_context(**asked) as context:
                page = context.new_page()
                page.goto(address, wait_until="networkidle")
                if name == "library":
                    expect(page.locator("[data-progress]:not([data-progress='0'])")).to_be_visible(
                        timeout=steps.RENDERED
                    )
                for frame in page.frames[1:]:
                    frame.evaluate(SOMEWHERE_IN_IT)
                png = base64.b64encode(page.screenshot()).decode()
            with browser.new_context() as context:
                small = context.new_page().evaluate(AS_WEBP, png)
                (PICTURES / f"{name}{suffix}.webp").write_bytes(base64.b64decode(small))


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        site = Site(Path(home))
        try:
            site.start()
            chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
            take(playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]), site)
        finally:
            site.stop()


if __name__ == "__main__":
    main()
