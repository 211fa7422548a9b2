"""Bundle the scripts of every page into few files: `python -m tools.bundle_scripts`.

`base.js` is for every page with an account, `workspace.js` for every page of a workspace. Each script stays a file of its
own in `static/js`; in a bundle it stands in a function of its own, so that its names are nobody else's. An import of one
script by another becomes a look-up among the scripts before it.
"""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
BUNDLES = {
    STATIC / "js" / "base.js": ("vendor/basecoat/basecoat.min.js", "vendor/basecoat/toast.min.js", "js/shell.js"),
    STATIC / "js" / "workspace.js": (
        *("js/kept.js", "js/kept-offer.js", "js/refresh.js", "js/inbox.js", "js/moving.js"),
        *("js/clock.js", "js/dialogs.js", "js/shown-when.js", "js/typed-words.js"),
    ),
}
HEAD = "// Written by python -m tools.bundle_scripts from the files named below: change them there.\n"
_IMPORT = re.compile(r'^import (\* as (\w+)|\{ ([\w, ]+) \}) from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const) (\w+)", re.MULTILINE)
_COMMENT_LINE = re.compile(r"^\s*//.*\n", re.MULTILINE)


def bundle(names: tuple[str, ...]) -> str:
    return HEAD + '"use strict";\nconst scripts = {};\n' + "\n".join(map(_part, names))


def _part(name: str) -> str:
    text = (STATIC / name).read_text()
    if name.startswith("vendor/"):
        return f"// {name}\n(() => {{ {text.strip()} }})();\n"
    exported = [found[2] for found in _EXPORT.finditer(text)]
    text = _COMMENT_LINE.sub("", _EXPORT.sub(r"\1 \2", _IMPORT.sub(_look_up, text)))
    offer = f"\nscripts[{Path(name).stem!r}] = {{ {', '.join(exported)} }};".replace("'", '"') if exported else ""
    return f"// {name}\n(() => {{\n{text.strip()}{offer}\n}})();\n"


def _look_up(found: re.Match[str]) -> str:
    names = found[2] or f"{{ {found[3]} }}"
    return f'const {names} = scripts["{found[4]}"];\n'


def write() -> None:
    for file, names in BUNDLES.items():
        file.write_text(bundle(names))


if __name__ == "__main__":
    write()
