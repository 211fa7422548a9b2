"""Write `static/css/app.css`, the one sheet that every page loads, from `styles/`: `python -m tools.bundle_styles`.

The order is the cascade's: tokens first, what a stranger sees and paper last.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "static" / "css" / "app.css"
PARTS = (
    *("tokens", "layout", "shell", "page", "account", "controls", "floating", "fields"),
    *("forms", "rows", "lists", "messages", "status", "thumbs", "share", "print"),
)


def bundle() -> str:
    parts = (f"/* styles/{name}.css */\n{(ROOT / 'styles' / f'{name}.css').read_text()}" for name in PARTS)
    return "/* Written by python -m tools.bundle_styles from styles/: change it there. */\n\n" + "\n".join(parts)


if __name__ == "__main__":
    BUNDLE.write_text(bundle())
