"""Text stands out from its ground in each theme: 4.5:1, and 7:1 in high contrast. Computed from the style sheets' tokens."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parent.parent / "styles"
GROUNDS = ("background", "card", "popover")
TEXTS = {
    **dict.fromkeys(("foreground", "muted-foreground", "primary", "destructive"), GROUNDS),
    "sidebar-foreground": ("sidebar",),
    "primary-foreground": ("primary",),
    **{tone: (f"{tone}-soft", "card") for tone in ("calm", "wait", "move", "make", "good", "bad")},
}


def block(sheet: str, selector: str, condition: str = "") -> dict[str, str]:
    """Return the tokens that a style sheet sets for a selector, by name."""
    text = (STYLES / sheet).read_text().partition(condition)[2] if condition else (STYLES / sheet).read_text()
    found = re.search(rf"^ *{re.escape(selector)} \{{(.*?)\}}", text, re.MULTILINE | re.DOTALL)
    assert found, selector
    return dict(re.findall(r"--([\w-]+): ([^;]+);", found[1]))


def tokens(theme: str, contrast: str) -> dict[str, str]:
    values = block("tokens.css", ":root")
    values |= block("contrast.css", ".more-contrast") if contrast == "more" else {}
    if theme == "dark":
        values |= block("tokens.css", ".dark")
        values |= block("contrast.css", ".more-contrast.dark") if contrast == "more" else {}
    return values


def luminance(values: dict[str, str], name: str) -> float:
    """Return the relative luminance of WCAG 2, from OKLCH by way of linear sRGB."""
    value = values[name]
    while reference := re.fullmatch(r"var\(--([\w-]+)\)", value):
        value = values[reference[1]]
    lightness, chroma, hue = map(float, value.removeprefix("oklch(").removesuffix(")").split())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(each, 0), 1) for each in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(values: dict[str, str], one: str, other: str) -> float:
    lighter, darker = sorted((luminance(values, name) for name in (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(theme: str, contrast: str, minimum: float) -> Iterator[str]:
    values = tokens(theme, contrast)
    for text, grounds in TEXTS.items():
        for ground in grounds:
            found = ratio(values, text, ground)
            if found < minimum:
                yield f"{text} on {ground}: {found:.2f}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("contrast", "minimum"), [("system", 4.5), ("more", 7.0)])
def test_text_stands_out_from_its_ground(theme: str, contrast: str, minimum: float) -> None:
    assert list(too_faint(theme, contrast, minimum)) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_fields_stand_out_in_high_contrast(theme: str) -> None:
    values = tokens(theme, "more")

    assert [(edge, on) for edge in ("border", "input") for on in GROUNDS if ratio(values, edge, on) < 3] == []


@pytest.mark.parametrize(("chosen", "asked_for"), [(".more-contrast", ":root"), (".more-contrast.dark", ":root.dark")])
def test_system_that_asks_for_contrast_gets_what_can_be_chosen(chosen: str, asked_for: str) -> None:
    by_system = block("contrast.css", asked_for, condition="(prefers-contrast: more)")

    assert by_system == block("contrast.css", chosen)


def test_ratio_is_that_of_the_guidelines() -> None:
    values = {"black": "oklch(0 0 0)", "white": "oklch(1 0 0)", "grey": "oklch(0.5999 0 0)"}  # #808080

    assert ratio(values, "black", "white") == pytest.approx(21, abs=0.01)
    assert ratio(values, "grey", "white") == pytest.approx(3.95, abs=0.02)
