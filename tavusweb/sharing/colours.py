"""Derive readable shades of an accent colour for the light and the dark theme. Pure."""

import colorsys
import re
from dataclasses import dataclass

ENOUGH = 4.5  # WCAG 2.2, for text
HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
# What the accent is read on: --paper of styles/public/tokens.css.
LIGHT, DARK = "#ffffff", "#141217"
INKS = ("#ffffff", "#111111")
STEPS = 100


@dataclass(frozen=True, slots=True)
class Shades:
    """The accent in each theme, and the text on a button of that colour."""

    light: str
    on_light: str
    dark: str
    on_dark: str

    @classmethod
    def of(cls, accent: str) -> "Shades":
        light, dark = readable(accent, LIGHT), readable(accent, DARK)
        return cls(light, _ink_on(light), dark, _ink_on(dark))


def as_hex(text: str) -> str:
    """Return a colour as #rrggbb in lower case; "" for anything else."""
    match = HEX.fullmatch(text.strip())
    if not match:
        return ""
    digits = match[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21, as WCAG defines it."""
    darker, lighter = sorted([_luminance(one), _luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def readable(accent: str, paper: str) -> str:
    """Return the nearest shade of a colour that is readable on `paper`."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(accent))
    end = 0.0 if _luminance(paper) > 0.5 else 1.0
    for step in range(STEPS + 1):
        shade = _as_hex(colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / STEPS, saturation))
        shade = accent if step == 0 else shade
        if contrast(shade, paper) >= ENOUGH:
            return shade
    return INKS[end == 0.0]


def _ink_on(colour: str) -> str:
    return max(INKS, key=lambda ink: contrast(ink, colour))


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _as_hex(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
