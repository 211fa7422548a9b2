"""Draw the app icons of static/img from favicon.svg: `python -m tools.app_icons`.

Needs a Chromium (`CHROMIUM`, default /usr/bin/chromium) and the test requirements (Playwright).
"""

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "static" / "img"
SIZES = (180, 192, 512)  # pixels; the first is Apple's


def main() -> None:
    svg = (IMAGES / "favicon.svg").read_text()
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>body{{margin:0}}svg{{width:{size}px;height:{size}px;display:block}}</style>{svg}")
            page.screenshot(path=IMAGES / f"icon-{size}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
