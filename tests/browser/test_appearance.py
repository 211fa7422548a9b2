"""The first paint has the right colours, whether or not scripts run."""

from typing import Any

import pytest

from tests.browser.faults import NewContext
from tests.browser.site import Site

GROUND = """() => {
    const brush = new OffscreenCanvas(1, 1).getContext("2d");
    brush.fillStyle = getComputedStyle(document.body).backgroundColor;
    brush.fillRect(0, 0, 1, 1);
    return brush.getImageData(0, 0, 1, 1).data[1];
}"""


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(
    ("system", "choice", "is_dark"),
    [("dark", "", True), ("light", "", False), ("dark", "light", False), ("light", "dark", True)],
)
def test_colours_follow_the_choice_else_the_system(
    system: Any, choice: str, is_dark: bool, has_scripts: bool, new_context: NewContext, site: Site
) -> None:
    context = new_context(java_script_enabled=has_scripts, color_scheme=system)
    if choice:
        context.add_cookies([{"name": "appearance", "value": choice, "url": site.url}])
    page = context.new_page()
    page.goto("/account/login/")

    assert (page.evaluate(GROUND) < 64) is is_dark
