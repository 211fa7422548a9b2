"""Bundle `styles/` into the style sheets that pages load: `python -m tools.bundle_styles`.

`app.css` is for the app, the smaller `share.css` for share pages. The order is that of the cascade: tokens first, print
last.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STYLES = ROOT / "styles"
BUNDLES = {
    ROOT / "static" / "css" / "app.css": (
        *("tokens", "layout", "shell", "page", "account", "controls", "floating", "fields"),
        *(
            "forms",
            "rows",
            "library",
            "selection",
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


def bundle(names: tuple[str, ...]) -> str:
    parts = (f"/* styles/{name}.css */\n{(STYLES / f'{name}.css').read_text()}" for name in names)
    return "/* Written by python -m tools.bundle_styles from styles/: change it there. */\n\n" + "\n".join(parts)


if __name__ == "__main__":
    for sheet, names in BUNDLES.items():
        sheet.write_text(bundle(names))
