"""Bundle `styles/` into the style sheets that pages load, and the scripts too: `python -m tools.bundle_styles`.

`app.css` is for the app, with what it uses of Basecoat before its own; the smaller `share.css` is for share pages. The order is that of the cascade: tokens first, print
last.
"""

import re
from pathlib import Path

from tools.bundle_scripts import write as write_scripts
from tools.prune_styles import pruned, words_in_sources

ROOT = Path(__file__).resolve().parent.parent
STYLES = ROOT / "styles"
APP = ROOT / "static" / "css" / "app.css"
BUNDLES = {
    APP: (
        *("type", "tokens", "contrast", "layout", "shell", "page", "account", "controls", "floating", "fields"),
        *(
            "forms",
            "rows",
            "library",
            "selection",
            "commands",
            "lists",
            "messages",
            "status",
            "thumbs",
            "share",
            "reviews",
            "inbox",
            "print",
        ),
    ),
    ROOT / "static" / "css" / "share.css": (
        "public/tokens",
        "public/page",
        "public/brand",
        "public/answers",
        "public/talk",
        "public/choice",
        "public/languages",
    ),
    ROOT / "static" / "css" / "numbers.css": ("numbers",),
}
BASECOAT = ROOT / "static" / "vendor" / "basecoat" / "basecoat-nova.cdn.min.css"
_COMMENT = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)
_INDENT = re.compile(r"\n\s+")
# The dark colours once more, for browsers without scripts whose system is dark and in which nothing was chosen.
DARK = re.compile(r"^  \.dark (\{.*?^  \})", re.MULTILINE | re.DOTALL)
UNSCRIPTED = "@media screen and (prefers-color-scheme: dark) {\n:root:not(.js, .light, .dark, .more-contrast) %s\n}\n"


def part(name: str) -> str:
    text = (STYLES / f"{name}.css").read_text()
    dark = DARK.search(text) if name == "tokens" else None
    return text + UNSCRIPTED % dark[1] if dark else text


def bundle(names: tuple[str, ...]) -> str:
    own = "".join(f"/*! styles/{name}.css */\n{_small(part(name))}" for name in names)
    head = "/*! Written by python -m tools.bundle_styles from styles/: change it there. */\n"
    if names != BUNDLES[APP]:
        return head + own
    return f"{head}{pruned(BASECOAT.read_text(), words_in_sources())}\n{own}"


def _small(css: str) -> str:
    """Without comments, indentation and blank lines, which are for reading."""
    return _INDENT.sub("\n", _COMMENT.sub("", css)).strip() + "\n"


if __name__ == "__main__":
    for sheet, names in BUNDLES.items():
        sheet.write_text(bundle(names))
    write_scripts()
